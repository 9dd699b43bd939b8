import type { AuditId } from "../../shared/domain/ids.ts";
import type { Places } from "../datasets/places.ts";
import type { Benches } from "../jobs/benches.ts";
import type { Engines } from "../jobs/create-audit.ts";
import type { OpenedAudits } from "../jobs/opened-audits.ts";
import type { PreviewPictures } from "../jobs/preview-pictures.ts";
import type { ReportBuilder } from "../jobs/report-builder.ts";
import type { ReaderKeys } from "../keys/reader-keys.ts";
import type { Library } from "../store/library.ts";
import type { Signing } from "../jobs/signing.ts";
import type { Sessions } from "./sessions.ts";
import type { Sights } from "./sights.ts";

/** What the backend is built from; `start.ts` is the one place that makes it. */
export interface Deps {
  readonly library: Library;
  readonly keys: ReaderKeys;
  readonly sessions: Sessions;
  readonly sights: Sights;
  readonly audits: OpenedAudits;
  readonly places: Places;
  readonly engines: Engines;
  readonly benches: Benches;
  readonly previews: PreviewPictures;
  readonly reportBuilder: ReportBuilder;
  readonly signing: Signing;
  /** The built window. */
  readonly windowFolder: string;
  /** Folder new audits go to where nobody names one. */
  readonly defaultFolder: string;
  /** The audit named when the app was started. */
  readonly startAudit: () => AuditId | null;
}
