import { dicomKinds, type DicomKind } from "../../shared/errors/areas/dicom.ts";
import { message } from "../../shared/messages/catalogue.ts";
import type { DiscDirectory } from "./clinic-files.ts";
import type { Listing } from "./listing.ts";
import { baseName } from "./matching.ts";

/** What was made of discs, archives and DICOM files, in words; nothing for a folder of photographs. */
export function clinicNotes(
  { images, archives, clinic }: Listing,
  known: { readonly isLabelled: boolean; readonly leftOut: ReadonlySet<string> },
): string[] {
  const notes: string[] = [];
  const say = (key: Parameters<typeof message>[0], n: number, more = {}) => {
    if (n > 0) notes.push(message(key, { n, ...more }));
  };
  say("dicom.note.archives", archives.read);
  const [example = ""] = archives.damaged;
  say("dicom.note.archive-damaged", archives.damaged.length, { example });
  for (const why of ["outside", "encrypted", "bomb"] as const)
    say(`dicom.note.archive-${why}`, archives.refused[why]);
  for (const directory of clinic.directories) notes.push(...directoryNotes(directory));

  const several = images.filter(({ dicom }) => dicom && dicom.statedFrames > 1);
  const frames = several.reduce((sum, { dicom }) => sum + (dicom?.frames ?? 0), 0);
  say("dicom.note.frames", several.length, { frames });
  const fewer = several.filter(({ dicom }) => dicom && dicom.frames < dicom.statedFrames);
  say("dicom.note.frames-fewer", fewer.length);
  const kinds = Object.entries(clinic.objects);
  const objects = kinds.reduce((sum, [, n]) => sum + n, 0);
  const words = kinds.map(([kind, n]) => `${dicomKinds[kind as DicomKind]} ×${n}`); // keys of `objects`
  say("dicom.note.objects", objects, { kinds: words.join(", ") });
  const listed = clinic.directories.reduce((sum, { missing }) => sum + missing.length, 0);
  const gone = images.filter(({ isMissing }) => isMissing).length - listed;
  say("dicom.note.missing", gone);

  const ofDicom = images.filter(({ isDicom }) => isDicom);
  if (ofDicom.length === 0) return notes;
  const units = ofDicom.flatMap(({ dicom }) => dicom?.facts.ids.reveal() ?? []);
  const count = (values: readonly string[]) => new Set(values.filter((one) => one !== "")).size;
  const patients = count(
    units.map(({ patientId, issuer }) => patientId && `${patientId}\0${issuer}`),
  );
  const studies = count(units.map(({ studyUid }) => studyUid));
  notes.push(message("dicom.note.patients", { patients, studies }));
  if (!known.isLabelled) notes.push(message("dicom.note.no-labels"));
  if (known.leftOut.size > 0)
    notes.push(message("dicom.note.columns-left-out", { names: [...known.leftOut].join(", ") }));
  return notes;
}

function directoryNotes({ path, listed, missing, unlisted, viewer }: DiscDirectory): string[] {
  const file = baseName(path);
  if (listed === null) return [message("dicom.note.directory-damaged", { file })];
  const notes = [message("dicom.note.directory", { file, n: listed })];
  const counts = { missing: missing.length, unlisted, viewer: viewer.length };
  for (const what of ["missing", "unlisted", "viewer"] as const)
    if (counts[what] > 0)
      notes.push(message(`dicom.note.directory-${what}`, { n: counts[what], file }));
  return notes;
}
