import { averageOver } from "../kernels/area.ts";
import { softmax } from "../kernels/scores.ts";
import { weightedSum } from "../kernels/maps.ts";
import { sizesOf } from "./masked-inputs.ts";
import { definePassMethod, type MapItem, type MapTools } from "./method.ts";
import { centreOf, cropsAbout, erasing, explore, type Crop, type Eye } from "./split-and-erase.ts";

/** Probability from which another class counts as present beside the one explained. */
const presence = 0.3;
/** Four crops and five rounds, plain and mirrored, after two looks at the whole. */
const mostLooks = 2 + 4 * erasing.mostRounds * 2;
/** Overlap of the crops as a share of the longer side: published for pictures of 500 pixels as 10 and 20. */
const buffers = { one: 0.02, two: 0.04 };

/**
 * CCRM, Sun, Zhang and Barnes 2022, https://arxiv.org/abs/2110.14309: the classifier as it is, asked more than once
 *
 *   four overlapping crops about the centres of mass of the first maps: none holds the whole of the object
 *   in each: N = maps of the crop over their greatest value; R = max(R, N); R ≥ 0.7 is hidden under the mean colour; again
 *   map = the greatest R of all crops at each pixel
 *
 * A class's map is relu(Σ_k w_k A_k), w_k the summed slopes: CAM where the head is pooling and one linear layer. Inputs have one
 * size, so crops are stretched to it and seen plain and mirrored, without the other scales of the paper.
 */
export const ccrm = definePassMethod({
  id: "ccrm",
  needs: ["activations"],
  uses: ["gradient"],
  forwards: ({ head, tailShare }) => 1 + mostLooks * (head.weights ? 1 : 1 + tailShare),
  async map(tools, item) {
    const { h, w } = item;
    const classes = presentClasses(item);
    const eye = eyeOf(tools, item, classes);
    const { height, width } = eye;
    const picture = planar(item);
    const whole: Crop = { top: 0, left: 0, height, width };
    const [first] = await explore(picture, [whole], eye, { ...erasing, mostRounds: 1 });
    const centres = first.responses.map((map) => centreOf(map, height, width));
    const buffer = Math.round(
      Math.max(height, width) * (classes.length === 1 ? buffers.one : buffers.two),
    );
    const crops = cropsAbout(centres, [height, width], buffer).filter(
      (crop) => crop.height >= leastSide(height) && crop.width >= leastSide(width),
    );
    const explored = await explore(picture, crops, eye, erasing);
    const canvas = new Float32Array(height * width);
    for (const { crop, responses } of explored) paste(canvas, width, crop, responses[0]);
    return {
      map: averageOver(canvas, [height, width], [h, w]),
      notes: {
        classes: classes.length,
        crops: crops.length,
        rounds: explored.reduce((sum, { rounds }) => sum + rounds, 0),
        erased: explored.reduce((sum, { erased }) => sum + erased, 0) / explored.length,
      },
    };
  },
});

/** A crop thinner than this shows nothing; at least one of two opposite ones is half the picture. */
function leastSide(side: number): number {
  return Math.min(32, side / 4);
}

/** The class explained, and others that the model gives a probability of its own. */
function presentClasses({ logits, target }: MapItem): number[] {
  if (logits.length === 1) return [target];
  const likely = [...softmax(logits).entries()].filter(([, p]) => p >= presence);
  return [target, ...likely.map(([c]) => c).filter((c) => c !== target)];
}

function eyeOf(tools: MapTools, item: MapItem, classes: readonly number[]): Eye {
  const { k, h, w, seed, image, layout } = item;
  const { colours, height, width } = sizesOf(item);
  const pixels = height * width;
  const seeds = classes.map((c, i) => {
    const own = new Float32Array(seed.length);
    if (i === 0) own.set(seed);
    else own[c] = 1;
    return own;
  });

  /** Rows: every view, once for each class. */
  async function see(views: readonly Float32Array[]): Promise<Float32Array[][]> {
    const maps = views.map((): Float32Array[] => []);
    const count = views.length * classes.length;
    for (let from = 0; from < count; from += tools.forwardChunk) {
      const rows = Math.min(tools.forwardChunk, count - from);
      const data = new Float32Array(rows * colours * pixels);
      const asked = new Float32Array(rows * seed.length);
      for (let row = 0; row < rows; row++) {
        const view = views[Math.floor((from + row) / classes.length)];
        const own = data.subarray(row * view.length, (row + 1) * view.length);
        if (layout === "NCHW") own.set(view);
        else own.set(interleaved(view, colours));
        asked.set(seeds[(from + row) % classes.length], row * seed.length);
      }
      const images = { dims: [rows, ...image.dims.slice(1)], data };
      const passed = await tools.gradient(images, { dims: [rows, seed.length], data: asked });
      for (let row = 0; row < rows; row++) {
        const part = (values: Float32Array) =>
          values.subarray(row * k * h * w, (row + 1) * k * h * w);
        const map = classMap(part(passed.activations.data), part(passed.gradients.data), k);
        maps[Math.floor((from + row) / classes.length)].push(map);
      }
    }
    return maps;
  }

  return { colours, height, width, grid: [h, w], views: ["plain", "mirrored"], see };
}

/** relu(Σ_k (Σ over positions of G_k) A_k) */
function classMap(activations: Float32Array, gradients: Float32Array, k: number): Float32Array {
  const n = activations.length / k;
  const weights = Float64Array.from({ length: k }, (_, channel) =>
    gradients.subarray(channel * n, (channel + 1) * n).reduce((sum, g) => sum + g, 0),
  );
  return weightedSum(activations, weights).map((value) => Math.max(0, value));
}

/** The prepared input, colour by colour. */
function planar(item: MapItem): Float32Array {
  if (item.layout === "NCHW") return item.image.data;
  const { colours, height, width } = sizesOf(item);
  const pixels = height * width;
  return Float32Array.from(
    item.image.data,
    (_, at) => item.image.data[(at % pixels) * colours + Math.floor(at / pixels)],
  );
}

function interleaved(view: Float32Array, colours: number): Float32Array {
  const pixels = view.length / colours;
  return view.map((_, at) => view[(at % colours) * pixels + Math.floor(at / colours)]);
}

function paste(canvas: Float32Array, width: number, crop: Crop, values: Float32Array): void {
  values.forEach((value, p) => {
    const [y, x] = [Math.floor(p / crop.width), p % crop.width];
    const at = (crop.top + y) * width + crop.left + x;
    canvas[at] = Math.max(canvas[at], value);
  });
}
