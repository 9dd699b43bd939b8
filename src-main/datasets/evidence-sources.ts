import type { EvidenceSource } from "../../shared/domain/evidence.ts";
import type { Probe, UnmatchedRow } from "./dataset.ts";
import type { Labelled } from "./labels.ts";
import type { Listing, ListingOptions } from "./listing.ts";
import type { FileIndex } from "./matching.ts";

/** Evidence of the images of a dataset, in their order, and what was found out on the way. */
export interface FoundEvidence {
  readonly found: readonly (EvidenceSource | null)[];
  readonly unmatchedRows: readonly UnmatchedRow[];
  readonly notes: readonly string[];
}

/** Where evidence may come from. */
export interface EvidenceSources extends ListingOptions {
  readonly evidence?: string | null | undefined;
  readonly labels?: string | null | undefined;
  readonly listing: Listing;
  readonly index: FileIndex;
  readonly labelled: Labelled;
  /** Folders of masks found by their place, below the dataset's folder. */
  readonly maskFolders: readonly string[];
  readonly probe: Probe;
}
