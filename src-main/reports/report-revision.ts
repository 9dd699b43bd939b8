/** What the report says of its own revision. */
export interface ReportRevision {
  readonly no: number;
  /** Built by signing, else a draft that says so on every page. */
  readonly isDraft: boolean;
  /** Entry of the record that locked it; null in a draft. */
  readonly lockedAt: number | null;
  /** Who is asked to sign, named before anyone has. */
  readonly signers: readonly {
    readonly name: string;
    readonly role: string;
    readonly meaning: string;
  }[];
  /** Why the revision before was reopened, and all that changed since it was locked; null for the first. */
  readonly since: {
    readonly revision: number;
    readonly by: string;
    readonly at: string;
    readonly why: string;
    readonly changes: readonly RevisionChange[];
  } | null;
}

/** One change since the revision before, in words. */
export interface RevisionChange {
  readonly recordNo: number;
  readonly at: string;
  readonly by: string;
  readonly what: string;
  readonly object: string;
  readonly before: string;
  readonly after: string;
}
