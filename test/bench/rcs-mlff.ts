import { methodIds, type MethodId } from "../../shared/domain/method-id.ts";
import { methods } from "../../shared/domain/methods.ts";
import { explainBatch } from "../../src-main/engine/cam/explain.ts";
import { methodById } from "../../src-main/engine/cam/registry.ts";
import { openModel } from "../../src-main/engine/session/open-model.ts";
import { demoFindings, demoModel, demoPreparation } from "../support/demo-findings.ts";
import { bestOverlap, overlapCurve } from "../support/mask-overlap.ts";

/**
 * Overlap of maps with the drawn findings of the sample pictures, class = label: the best mean at any one threshold.
 *
 *     npx node test/bench/rcs-mlff.ts [model.onnx [method …]]
 */
const side = 160;
const [path = demoModel, ...named] = process.argv.slice(2);
const wanted: readonly string[] = named.length
  ? named
  : ["cam", "hirescam", "layercam", "rcs-mlff"];
const ids = methodIds.filter((id): id is MethodId => wanted.includes(id));

const findings = await demoFindings(demoPreparation(side, side), side);
const model = await openModel(path, { widthPx: side, heightPx: side });
const session = await model.open(null);
const [, h, w] = session.tap.grid;
const curves = ids.map((): (readonly number[])[] => []);
for (const { input, label, truth } of findings) {
  const [{ maps }] = await explainBatch({
    session,
    methods: ids.map(methodById),
    images: { dims: [1, 1, side, side], data: input },
    layout: "NCHW",
    target: { kind: "class", index: label },
    labels: [label],
  });
  maps.forEach(({ map }, i) =>
    curves[i].push(overlapCurve(map ?? new Float32Array(h * w), [h, w], truth)),
  );
}
for (const [i, id] of ids.entries())
  console.log(
    `${methods[id].label}: ${bestOverlap(curves[i]).toFixed(3)} of ${findings.length} pictures`,
  );
await Promise.all([session.close(), model.close()]);
