import { isReference, type BenchMapId } from "../domain/bench.ts";
import { methods } from "../domain/methods.ts";
import { message } from "./catalogue.ts";

/** What people call a column of a bench. */
export function benchMapLabel(id: BenchMapId): string {
  return isReference(id) ? message(`reference.${id}`) : methods[id].label;
}
