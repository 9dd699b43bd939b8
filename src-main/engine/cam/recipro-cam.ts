import { dot, softmax } from "../kernels/scores.ts";
import { definePassMethod, type MapItem, type MapTools } from "./method.ts";

/** Multiplications up to which a pooled linear head is computed here instead of by tail passes. */
const closedFormLimit = 4_000_000;

/**
 * Recipro-CAM, Byun and Lee 2022, https://arxiv.org/abs/2209.14074; ViT-ReciproCAM, https://arxiv.org/abs/2310.02588
 *
 *   map[i, j] = score( tail( A with every position but (i, j) set to 0 ) ) − score( tail( 0 ) )
 *
 * Convolutional networks: one position, softmax scores. Token grids: a 3×3 window of weights 1 2 1 / 2 4 2 / 1 2 1 over 16,
 * each neighbour keeping its own vector, prefix tokens unchanged, scores are logits; what enters the block's attention (after
 * its norm) and the residual stream beside it are both masked, as in openvino_xai. A layer that nothing runs beside is masked
 * alone: the residual stream itself, before its norm. Noted: how many tensors were. The score of an all-zero map is taken off
 * so that 0 means "no more than nothing at all".
 */
export const reciproCam = definePassMethod({
  id: "recipro-cam",
  needs: ["activations"],
  forwards: ({ tap: { grid }, head, tailShare }) =>
    head.weights ? 1 : 1 + (grid[1] * grid[2] + 1) * tailShare,
  async map(tools, item) {
    const { h, w, seed, isTokens } = item;
    const n = h * w;
    const rows = canUseClosedForm(item) ? closedForm(item) : await tailRows(tools, item);
    const classes = rows.length / (n + 1);
    const score = (row: number) => {
      const logits = rows.subarray(row * classes, (row + 1) * classes);
      // one output: its softmax would be 1 whatever it says
      return dot(seed, isTokens || classes === 1 ? logits : softmax(logits));
    };
    const nothing = score(n);
    const map = Float32Array.from({ length: n }, (_, p) => score(p) - nothing);
    return isTokens ? { map, notes: { maskedTensors: 1 + item.structure.besideTap.length } } : map;
  },
});

function canUseClosedForm({ headWeights, headBias, isPooledLinear, isTokens, k, h, w }: MapItem) {
  if (!headWeights || !headBias || !isPooledLinear || isTokens) return false;
  return headWeights.dims[0] * k * h * w <= closedFormLimit;
}

/** Logits `[n+1,C]` of a pooled linear head: one position at a time, and none last. */
function closedForm({ headWeights, headBias, activations, k, h, w }: MapItem): Float32Array {
  if (!headWeights || !headBias) throw new RangeError("the head is not linear");
  const n = h * w;
  const classes = headWeights.dims[0];
  const rows = new Float32Array((n + 1) * classes);
  for (let p = 0; p <= n; p++)
    for (let c = 0; c < classes; c++) {
      let sum = headBias[c];
      if (p < n)
        for (let channel = 0; channel < k; channel++)
          sum += headWeights.data[c * k + channel] * activations[channel * n + p];
      rows[p * classes + c] = sum;
    }
  return rows;
}

/** Logits `[n+1,C]` by tail passes: position after position, and an all-zero map last. */
async function tailRows(tools: MapTools, item: MapItem): Promise<Float32Array> {
  const { k, h, w } = item;
  const n = h * w;
  const parts: Float32Array[] = [];
  for (let from = 0; from <= n; from += tools.tailChunk) {
    const count = Math.min(tools.tailChunk, n + 1 - from);
    const changed = new Float32Array(count * k * n);
    const kept = new Float32Array(count * n);
    for (let m = 0; m < count; m++) {
      const own = kept.subarray(m * n, (m + 1) * n);
      if (from + m < n) keepAround(item, from + m, own);
      for (let at = 0; at < k * n; at++)
        changed[m * k * n + at] = item.activations[at] * own[at % n];
    }
    const rows = { dims: [count, k, h, w], data: changed };
    const beside = { dims: [count, h, w], data: kept };
    const logits = item.structure.besideTap.length
      ? await tools.tail(rows, beside)
      : await tools.tail(rows);
    parts.push(logits.data);
  }
  const rows = new Float32Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    rows.set(part, at);
    at += part.length;
  }
  return rows;
}

/** Writes the factors `[n]` around one position; outside the grid nothing is made up for. */
function keepAround({ h, w, isTokens }: MapItem, p: number, out: Float32Array) {
  const reach = isTokens ? 1 : 0;
  const y = Math.floor(p / w);
  const x = p % w;
  for (let dy = -reach; dy <= reach; dy++)
    for (let dx = -reach; dx <= reach; dx++) {
      if (y + dy < 0 || y + dy >= h || x + dx < 0 || x + dx >= w) continue;
      out[(y + dy) * w + x + dx] = isTokens ? ((2 - Math.abs(dy)) * (2 - Math.abs(dx))) / 16 : 1;
    }
}
