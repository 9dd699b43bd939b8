import { delimitedReader } from "./delimited.ts";
import type { DatasetReader } from "./reader.ts";

/** Every format of labels and evidence, the most particular first: the first that recognises a source reads it. */
export const readers: readonly DatasetReader[] = [delimitedReader];
