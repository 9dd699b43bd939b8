import { plateOf } from "../../shared/domain/finding.ts";
import { planInForce } from "../../shared/domain/plan.ts";
import type { ReportFacts } from "../reports/outline.ts";
import type { AuditReader } from "../store/audit-reader.ts";
import { ratesOf } from "./rates.ts";

/** What stands against a report of this audit now. `changedModels`: names of models whose file has changed. */
export function reportFacts(store: AuditReader, changedModels: readonly string[]): ReportFacts {
  const findings = store.findings();
  return {
    rates: ratesOf(store),
    secondPlanned: planInForce(store.plans())?.reading.secondReading?.size ?? null,
    findings,
    unmasked: unmaskedOf(store, new Set(findings.flatMap(plateOf))),
    changedModels,
  };
}

/** Pictures of plates on which a reader saw identity and nobody laid an identity region. */
function unmaskedOf(store: AuditReader, plates: ReadonlySet<number>): string[] {
  const seen = new Set<number>();
  for (const { item, fault } of store.allJudgements())
    if (fault === "identity" && plates.has(item)) seen.add(item);
  return [...seen]
    .filter((item) => !store.regions(item).some(({ kind }) => kind === "identity"))
    .map((item) => store.item(item).path);
}
