import type { SignatureCheck, SignatureFault } from "../domain/signature.ts";
import { message } from "./catalogue.ts";

/**
 * What Verify says about one signature, a sentence each: the verdict with every fault, then a warning where this computer
 * has another key for the reader. "Unchanged" is said of a key known on this computer and of no other.
 */
export function signatureWords(check: SignatureCheck): string[] {
  const { file, state, signed, fingerprint, otherKeyHere, faults } = check;
  const why = faults.map(faultWords).join("; ");
  if (!signed || fingerprint === null) return [message("keys.state.broken-file", { file, why })];
  const { name, signedAt } = signed;
  const date = signingDate(signedAt);
  return [
    message(`keys.state.${state}`, { name, date, fingerprint, why }),
    ...(otherKeyHere ? [message("keys.other-here", { name, fingerprint: otherKeyHere })] : []),
  ];
}

/** Date and time on the signer's own clock, with its offset: "3 March 2026, 14:05 (+01:00)". */
export function signingDate(signedAt: string): string {
  const [, clock = "", offset = ""] = /^(.{16}).*?(Z|[+-]\d\d:\d\d)$/.exec(signedAt) ?? [];
  const day = new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeZone: "UTC" });
  const shown = day.format(new Date(`${clock}Z`)); // the signer's wall clock, read as if it were UTC
  return `${shown}, ${clock.slice(11)} (${offset === "Z" ? "UTC" : offset})`;
}

function faultWords(fault: SignatureFault): string {
  switch (fault.kind) {
    case "unreadable":
      return fault.field
        ? message("keys.fault.unreadable-field", { field: fault.field })
        : message("keys.fault.unreadable");
    case "changed": {
      const { field, was, is } = fault;
      return message("keys.fault.changed", { field, was, is });
    }
    case "name":
    case "role":
      return message(`keys.fault.${fault.kind}`, { recorded: fault.recorded });
    case "duplicate":
      return message("keys.fault.duplicate", { of: fault.of });
    default:
      return message(`keys.fault.${fault.kind}`);
  }
}
