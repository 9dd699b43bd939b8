import { explainBatch } from "../../src-main/engine/cam/explain.ts";
import { methodById } from "../../src-main/engine/cam/registry.ts";
import { openTensorFlowModel } from "../../src-main/engine/tensorflow/open-model.ts";
import { tensorflow } from "../../src-main/engine/tensorflow/runtime.ts";
import type { MethodId } from "../../shared/domain/method-id.ts";
import { createRandom } from "./seeded.ts";

/**
 * Prints device, logits and maps of a TensorFlow.js model on seeded noise at every layer, as JSON: `node print-maps.ts MODEL
 * METHOD…`. A process of its own, because a process has one backend.
 */
const [path = "", ...wanted] = process.argv.slice(2);
const { tf } = await tensorflow();
const model = await openTensorFlowModel(path);
const { heightPx, widthPx, channels } = model.description.input;
const dims = [2, heightPx ?? 0, widthPx ?? 0, channels];
const random = createRandom(7);
const size = dims.reduce((product, dim) => product * dim, 1);
const images = { dims, data: Float32Array.from({ length: size }, () => 2 * random() - 0.5) };
const layers: object[] = [];
for (const { name } of model.description.taps) {
  const session = await model.open(name);
  const ids = (wanted as MethodId[]).filter((id) =>
    // the test names methods
    session.methods.some(({ method, supported }) => method === id && supported),
  );
  const items = await explainBatch({
    session,
    methods: ids.map(methodById),
    images,
    layout: "NHWC",
    target: { kind: "predicted" },
    labels: [null, null],
    randomSeeds: [1, 2],
    inputSpread: 0.5,
  });
  layers.push({
    name,
    methods: ids,
    items: items.map(({ logits, maps }) => ({
      logits: [...logits],
      maps: maps.map(({ map }) => [...(map ?? [])]),
    })),
  });
}
const tensors = tf.memory().numTensors;
await model.close();
process.stdout.write(JSON.stringify({ device: model.device, layers, tensors }) + "\n");
