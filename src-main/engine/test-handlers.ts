import type { DeviceSetting } from "../../shared/domain/device.ts";
import { evaluationSettings } from "../../shared/domain/evaluation.ts";
import { pictureFile } from "../../shared/domain/picture-path.ts";
import { fail } from "../../shared/errors/app-error.ts";
import { normalsFrom } from "./cam/noise.ts";
import { evaluatedImage } from "./evaluation/planes.ts";
import { testRegion } from "./evaluation/region-test.ts";
import { decodeImage } from "./images/decode.ts";
import { evidenceCells } from "./images/evidence.ts";
import { inputSize, prepareInto } from "./images/prepare.ts";
import { stackInputs } from "./input-batch.ts";
import { spreadOf } from "./map-run.ts";
import type { EngineRequests } from "./protocol.ts";
import { WarmModels } from "./warm-models.ts";

type TestRequest = "regionTest";
type TestHandlers = {
  [Name in TestRequest]: (
    input: EngineRequests[Name]["in"],
  ) => Promise<EngineRequests[Name]["out"]>;
};

/** Values of all inputs of one pass at most: 32 pictures of 3 × 224 × 224. */
const mostValues = 32 * 3 * 224 * 224;

/** What the maps engine answers about region tests. Its model stays open: the next test runs it at once. */
export function testHandlers(setting: () => DeviceSetting): TestHandlers {
  const models = new WarmModels(setting);
  return {
    regionTest: (call) =>
      models.use(call.modelPath, call.preparation, async ({ description, session }) => {
        if (description.sha256 !== call.modelSha256)
          fail("test/model-changed", { file: description.fileName });
        const { preparation } = call;
        const decoded = await decodeImage(call.path, undefined, preparation.window);
        const input = new Float32Array(inputSize(preparation));
        const seen = prepareInto(decoded, preparation, input, pictureFile(call.path).file);
        const { widthPx, heightPx, orientation } = decoded;
        const grid = { w: preparation.widthPx, h: preparation.heightPx, seen };
        const evidence =
          call.evidence &&
          (await evidenceCells(call.evidence, { ...grid, widthPx, heightPx, orientation }));
        return testRegion({
          image: evaluatedImage(stackInputs([input], preparation), preparation.layout),
          picture: { width: widthPx, height: heightPx },
          seen,
          shape: call.shape,
          evidence,
          map: call.map && {
            heat: call.map.heat,
            grid: { width: call.map.width, height: call.map.height },
          },
          target: call.target,
          fill: call.fill,
          controls: call.controls,
          seed: call.seed,
          isMultiLabel: description.output.stripped === "sigmoid",
          noise: evaluationSettings.roadNoise * spreadOf(preparation),
          normals: (count, seed) => {
            const next = normalsFrom(seed);
            return Float32Array.from({ length: count }, next);
          },
          chunk: Math.max(1, Math.floor(mostValues / input.length)),
          forward: async (images) => (await session.forward(images)).logits,
        });
      }),
  };
}
