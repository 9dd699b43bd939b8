import type { DataSet } from "./data-set.ts";

/** Attributes that name a person, or are free text in which somebody may have written a name. Never shown, kept or used as labels. */
const identityTags: ReadonlySet<number> = new Set([
  0x00080014, 0x00080018, 0x00080050, 0x00080080, 0x00080081, 0x00080090, 0x00080092, 0x00080094,
  0x00081010, 0x00081048, 0x00081049, 0x00081050, 0x00081052, 0x00081060, 0x00081062, 0x00081070,
  0x00081072, 0x00081155, 0x00081195, 0x00082111, 0x00180000, 0x00181000, 0x00181002, 0x00181030,
  0x00181400, 0x00200010, 0x0020000d, 0x0020000e, 0x00200052, 0x00200200, 0x00204000, 0x00321032,
  0x00321033, 0x00380010, 0x00380300, 0x00380400, 0x00380500, 0x00384000, 0x00400006, 0x00400241,
  0x00400242, 0x00400243, 0x00400253, 0x00401001, 0x00401010, 0x00402016, 0x00402017, 0x0040a075,
  0x0040a123, 0x00880140, 0x30060024, 0x40000010, 0x40004000,
]);

/** Whether an attribute's value identifies somebody: the whole patient group, dates and times, and the list above. */
export function isIdentity(tag: number): boolean {
  const group = tag >>> 16;
  const isPatient = group === 0x0010 && tag !== 0x00100040 && tag !== 0x00101010; // sex and age are not
  const isDate =
    group === 0x0008 && (tag & 0xffff) >= 0x0012 && (tag & 0xffff) <= 0x0035 && tag !== 0x00080016;
  const isPrivate = (group & 1) === 1;
  return isPatient || isDate || isPrivate || identityTags.has(tag);
}

/** Where names of people stand in a header. */
const nameTags = [
  0x00100010, 0x00100020, 0x00101000, 0x00101001, 0x00101005, 0x00101060, 0x00080090, 0x00081050,
  0x00081060, 0x00081070, 0x00080050, 0x00200010,
];

/** Words of a header that name somebody, in lower case, of three letters or more: what no value that is kept may contain. */
export function namesIn(dataSet: DataSet): ReadonlySet<string> {
  const words = nameTags
    .flatMap((tag) =>
      dataSet
        .text(tag)
        .toLowerCase()
        .split(/[^\p{L}\p{N}]+/u),
    )
    .filter((word) => word.length >= 3);
  return new Set(words);
}
