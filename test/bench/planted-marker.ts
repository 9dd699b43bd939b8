import { methodIds, type MethodId } from "../../shared/domain/method-id.ts";
import { methods } from "../../shared/domain/methods.ts";
import { openModel } from "../../src-main/engine/session/open-model.ts";
import { demoModel } from "../support/demo-findings.ts";
import { markerHeat } from "../support/planted-marker.ts";
import { plantedRanking } from "../support/planted-ranking.ts";

/**
 * Whether maps see the planted marker: the median share of heat inside its box over the box's share of the picture, how many
 * hottest cells touch it, and the planted pictures among the most suspicious of all.
 *
 *     npx node test/bench/planted-marker.ts [model.onnx [method …]]
 */
const [path = demoModel, ...named] = process.argv.slice(2);
const wanted: readonly string[] = named.length ? named : ["grad-cam"];
const ids = methodIds.filter((id): id is MethodId => wanted.includes(id));
const model = await openModel(path, { widthPx: 160, heightPx: 160 });
const session = await model.open(null);
const found = await markerHeat(session, ids);
await Promise.all([session.close(), model.close()]);

for (const [i, id] of ids.entries()) {
  const { lifts, hits } = found[i];
  const median = lifts.toSorted((a, b) => a - b)[Math.floor(lifts.length / 2)];
  const ranking = await plantedRanking(path, id);
  const among = [20, 40].map((n) => ranking.slice(0, n).filter(Boolean).length).join(" / ");
  console.log(
    `${methods[id].label}: lift ${median.toFixed(2)}, hottest ${hits} of ${lifts.length}, planted among the first 20 / 40: ${among}`,
  );
}
