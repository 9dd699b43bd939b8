import { createHmac } from "node:crypto";
import type { PrivateIds } from "../dicom/private-ids.ts";

/** What binds images together, without saying whom they show. */
export interface UnitKeys {
  /** The patient; the study where no patient is stated; what the labels say where neither is. */
  readonly group: string | null;
  readonly study: string | null;
}

/** Digits of a key: 128 bits, so that two patients never share one by chance. */
const digits = 32;

/**
 * Keys of a DICOM image's patient and study: the first 128 bits of HMAC-SHA-256(audit secret, id + issuer), as hex
 * (RX-55). `stated` is what the labels call its group: it may be an id too, and is hashed likewise.
 */
export function unitKeys(
  secret: Uint8Array,
  ids: PrivateIds | null,
  stated: string | null,
): UnitKeys {
  const key = (...parts: readonly string[]) =>
    createHmac("sha256", secret).update(parts.join("\0")).digest("hex").slice(0, digits);
  const { patientId = "", issuer = "", studyUid = "" } = ids?.reveal() ?? {};
  const study = studyUid === "" ? null : key(studyUid);
  if (patientId !== "") return { group: key(patientId, issuer), study };
  return { group: stated === null ? study : key(stated, ""), study };
}

const identityWords =
  /(patient|subject|person|first|last|family|given|birth)_?\s?-?name|^name$|birth|dob\b|mrn|address|phone|e-?mail|insurance|accession/i;

/** Whether a column beside clinical images may hold a person's identity by its header. */
export function mayNamePeople(column: string): boolean {
  return identityWords.test(column);
}
