/** A document as data: what it says and in what order. How it looks is the template's. */
export interface ReportDocument {
  readonly meta: DocumentMeta;
  readonly cover: Cover;
  readonly sections: readonly Section[];
}

export interface DocumentMeta {
  readonly title: string;
  /** The title as it may break over lines. */
  readonly name: string;
  readonly description: string;
  readonly language: string;
  readonly brand: string;
  readonly draft: string;
  /** Beside the section's name at the head of each page. */
  readonly headRight: string;
  readonly foot: { readonly audit: string; readonly notice: string; readonly hash: string };
  /** "Page {page} of {pages}": the template knows both. */
  readonly pageOf: string;
  readonly contents: string;
}

export interface Cover {
  readonly subtitle: string;
  readonly headline: Headline;
  readonly result: { readonly title: string; readonly paragraphs: readonly string[] };
  readonly bar: Bar | null;
  readonly facts: readonly Fact[];
  readonly picture: Picture | null;
  /** Over a line each. */
  readonly signers: readonly {
    readonly name: string;
    readonly role: string;
    readonly meaning: string;
  }[];
  readonly sentences: string;
}

/** The one figure of the cover: a rate with its interval, or a count that is no rate. */
export interface Headline {
  readonly title: string;
  readonly figure: string;
  readonly unit: string;
  readonly lines: readonly string[];
  readonly plot: (Plot & { readonly scale: Scale }) | null;
  readonly note: string;
}

/** Counted parts of a whole, drawn to scale. */
export interface Bar {
  readonly title: string;
  readonly summary: string;
  readonly parts: readonly {
    readonly id: string;
    readonly count: number;
    readonly shown: string;
    readonly label: string;
  }[];
}

export type Fact = readonly [name: string, value: Words];

export interface Picture {
  readonly file: string;
  readonly alt: string;
  readonly caption: string;
}

export interface Section {
  /** Its number in the report's fixed order, or the letter of its annex. */
  readonly id: string;
  readonly title: string;
  /** Goes on where the last one ended, begins a page, or is short and stays on one page. */
  readonly flow: "on" | "page" | "whole";
  readonly blocks: readonly Block[];
}

export type Block =
  | { readonly kind: "paragraph"; readonly text: string }
  | { readonly kind: "note"; readonly text: string }
  | { readonly kind: "heading"; readonly text: string; readonly tag?: Tag }
  | { readonly kind: "facts"; readonly rows: readonly Fact[] }
  | { readonly kind: "list"; readonly items: readonly string[] }
  | TableBlock
  /** Two narrow tables side by side, each under its heading. */
  | { readonly kind: "pair"; readonly sides: readonly PairSide[] }
  | ({ readonly kind: "bar" } & Bar)
  | ({ readonly kind: "quadrants" } & Quadrants)
  | {
      readonly kind: "plates";
      readonly plates: readonly DocumentPlate[];
      readonly heads: PlateHeads;
      readonly legend: PlateLegend | null;
    };

/** A word in a box at the end of a heading. */
export interface Tag {
  readonly text: string;
  readonly isAccent: boolean;
}

export interface TableBlock {
  readonly kind: "table";
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
}

export interface PairSide {
  readonly heading: string;
  readonly table: TableBlock;
  readonly note: string;
}

export interface Column {
  readonly head: string;
  readonly align: "left" | "right";
  /** Share of the free width; `null`: as wide as its content. */
  readonly width: number | null;
  readonly scale?: Scale;
}

export type Row = readonly Cell[];
export type Cell = Words | readonly Words[] | Plot | Change;
/** `page`: its text is a section's number, printed as the page that it begins on. */
export type Words =
  string | { readonly text: string; readonly tone: "strong" | "muted" | "hash" | "page" };

/** Two values of 0..1 on the column's scale: filled before, hollow after. */
export interface Change {
  readonly before: number;
  readonly after: number;
}

/** An interval for a proportion, drawn on its column's scale. */
export interface Plot {
  readonly low: number;
  readonly at: number;
  readonly high: number;
  readonly isAccent: boolean;
}

/** An axis from 0 to `max` with words at some of its ticks. */
export interface Scale {
  readonly max: number;
  readonly ticks: readonly { readonly at: number; readonly label: string }[];
}

export interface Quadrants {
  readonly summary: string;
  readonly columns: readonly [string, string];
  readonly rows: readonly [string, string];
  readonly cells: readonly QuadrantCell[];
  /** Items one square stands for. */
  readonly perSquare: number;
  readonly keys: readonly [judged: string, predicted: string];
  readonly below: string;
}

export interface QuadrantCell {
  readonly title: string;
  readonly count: string;
  readonly judged: number;
  readonly predicted: number;
  readonly lines: readonly string[];
  readonly isAccent: boolean;
}

export interface DocumentPlate {
  readonly name: string;
  readonly caption: string;
  readonly image: Picture["file"];
  readonly map: Picture["file"] | null;
  readonly overlay: Picture["file"] | null;
  readonly alts: readonly [image: string, map: string, overlay: string];
}

export interface PlateHeads {
  readonly image: string;
  readonly map: string;
  readonly overlay: string;
  readonly noMap: string;
}

export interface PlateLegend {
  readonly low: string;
  readonly high: string;
  /** Colours from low to high as hexadecimal, evenly spaced. */
  readonly colours: readonly string[];
  readonly keys: readonly { readonly kind: string; readonly label: string }[];
}
