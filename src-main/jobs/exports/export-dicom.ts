import type { Run } from "../../../shared/contract/audits.ts";
import type { ItemNo } from "../../../shared/domain/ids.ts";
import { testFacts } from "../../../shared/domain/region-test.ts";
import { regionKinds } from "../../../shared/domain/review.ts";
import { maskOfShapes } from "../../../shared/geometry/coverage.ts";
import { readWhole } from "../../archives/files.ts";
import { newUid, UidMap } from "../../reports/dicom/uids.ts";
import { deidentifiedSource, type Withheld } from "../../reports/dicom/deidentify.ts";
import { explanationOf, own, reasonCodes, regionCodes } from "../../reports/dicom/code.ts";
import { keyObjectsClass, writeKeyObjects } from "../../reports/dicom/key-objects.ts";
import type { ExportFacts } from "../../reports/dicom/modules.ts";
import { parametricMapClass, writeParametricMap } from "../../reports/dicom/parametric-map.ts";
import { missingIn } from "../../reports/dicom/required.ts";
import {
  segmentationClass,
  writeSegmentation,
  type Segment,
} from "../../reports/dicom/segmentation.ts";
import { openSource, type SourceImage } from "../../reports/dicom/source.ts";
import {
  structuredReportClass,
  writeStructuredReport,
  type ReportedItem,
} from "../../reports/dicom/structured-report.ts";
import type { ReportFile } from "../../reports/report-data.ts";
import type { AuditStore } from "../../store/audit-store.ts";
import { pictureFile } from "../../../shared/domain/picture-path.ts";
import { itemPath } from "../opened-audit.ts";
import { packageVersion } from "../package-version.ts";
import { exportedRun } from "./export-maps.ts";

/** Most bytes of a source that is opened for its header. */
const mostSourceBytes = 2_000_000_000;

/** Series numbers of what is added to a study, past those that devices give. */
const seriesNo = { map: 9101, regions: 9102, review: 9103, keys: 9104 } as const;

interface Listed {
  readonly file: string;
  readonly sopClass: string;
  readonly items: readonly ItemNo[];
}

/**
 * DICOM objects of these items, one after another: a map and its regions for each, then for each study a structured
 * report and its key images; last `dicom.json`, which lists them. Items whose picture is no DICOM have no study that
 * an object could belong to: they are named there as left out.
 */
export async function* dicomFiles(
  store: AuditStore,
  items: readonly ItemNo[],
  { deidentifiedSources }: { readonly deidentifiedSources: boolean },
): AsyncGenerator<ReportFile> {
  const run = exportedRun(store);
  const facts: ExportFacts = {
    auditId: store.facts.id,
    softwareVersion: packageVersion("package.json"),
    at: new Date(),
  };
  const uids = new UidMap(store.secret());
  const series = new Map<string, string>();
  /** One series per study and kind. */
  const ids = (study: string, kind: keyof typeof seriesNo, instanceNo: number) => {
    const key = `${study} ${kind}`;
    const known = series.get(key) ?? newUid();
    series.set(key, known);
    return { instance: newUid(), series: known, seriesNo: seriesNo[kind], instanceNo };
  };
  const listed: Listed[] = [];
  const offer = (file: string, bytes: Uint8Array, sopClass: string, of: ItemNo[]): ReportFile => {
    const missing = missingIn(bytes);
    if (missing.length > 0) throw new Error(`${file} lacks ${missing.join(", ")}`);
    listed.push({ file, sopClass, items: of });
    return { name: file, bytes };
  };
  const leftOut: ItemNo[] = [];
  const reported: ReportedItem[] = [];
  const sources = new SourceReader(store, uids);
  for (const no of items) {
    const source = await sources.read(no);
    if (!source) {
      leftOut.push(no);
      continue;
    }
    const map = run ? store.readMap(run.id, no) : null;
    let referenced: ReportedItem["map"] = null;
    if (run && map?.seen) {
      const made = ids(source.study, "map", no + 1);
      const bytes = writeParametricMap(
        {
          ids: made,
          source,
          map: { values: map.values, width: map.width, height: map.height, seen: map.seen },
          kind: explanationOf(run.method),
          method: `${run.method}, run ${run.no}`,
        },
        facts,
      );
      yield offer(`map-${no}.dcm`, bytes, parametricMapClass, [no]);
      referenced = { sopClass: parametricMapClass, instance: made.instance, series: made.series };
    }
    const segments = segmentsOf(store, no, source);
    if (segments.length > 0) {
      const made = ids(source.study, "regions", no + 1);
      const bytes = writeSegmentation({ ids: made, source, segments }, facts);
      yield offer(`regions-${no}.dcm`, bytes, segmentationClass, [no]);
    }
    reported.push(reportedItem(store, run, no, source, referenced));
  }
  const studies = [...Map.groupBy(reported, ({ source }) => source.study)];
  for (const [i, [study, own]] of studies.entries()) {
    const kind = explanationOf(run?.method ?? "cam");
    const algorithm = {
      name: run?.method ?? "none",
      version: facts.softwareVersion,
      parameters: run
        ? `run ${run.no}, layer ${run.tap.name}, target ${JSON.stringify(run.target)}, seed ${run.seed}`
        : "no run",
    };
    const report = { ids: ids(study, "review", 1), items: own, algorithm, kind };
    yield offer(
      `review-${i + 1}.dcm`,
      writeStructuredReport(report, facts),
      structuredReportClass,
      own.map(({ no }) => no),
    );
    for (const [j, { title, why, of }] of keysOf(own).entries()) {
      const keys = { ids: ids(study, "keys", j + 1), title, why, sources: of.map((x) => x.source) };
      yield offer(
        `keys-${i + 1}-${j + 1}.dcm`,
        writeKeyObjects(keys, facts),
        keyObjectsClass,
        of.map(({ no }) => no),
      );
    }
  }
  const withheld: { items: readonly ItemNo[]; why: Withheld }[] = [];
  if (deidentifiedSources)
    yield* sourceCopies(
      sources,
      reported.map(({ no }) => no),
      maskedItems(store),
      withheld,
    );
  const about = {
    objects: listed,
    withheld,
    leftOut,
    leftOutWhy: "no DICOM source with study and series",
  };
  yield {
    name: "dicom.json",
    bytes: new TextEncoder().encode(`${JSON.stringify(about, null, 1)}\n`),
  };
}

function maskedItems(store: AuditStore): ReadonlySet<ItemNo> {
  return new Set(
    [...store.identityStates()].filter(([, state]) => state === "masked").map(([no]) => no),
  );
}

/** Copies without names of the sources that were read, each file once, and why others are withheld. */
async function* sourceCopies(
  sources: SourceReader,
  items: readonly ItemNo[],
  masked: ReadonlySet<ItemNo>,
  withheld: { readonly items: readonly ItemNo[]; readonly why: Withheld }[],
): AsyncGenerator<ReportFile> {
  const byFile = Map.groupBy(items, (no) => sources.fileOf(no));
  for (const own of byFile.values()) {
    // A mask is laid over pictures as they are drawn; a copy holds the pixels themselves.
    const isMasked = own.some((no) => masked.has(no));
    const copy = isMasked ? "burned-in" : await sources.copy(own[0]);
    if (typeof copy === "string") withheld.push({ items: own, why: copy });
    else yield { name: `source-${own[0]}.dcm`, bytes: copy };
  }
}

/** Opens sources one by one; frames of one file are read from it once. */
class SourceReader {
  readonly #store: AuditStore;
  readonly #uids: UidMap;
  #last: { readonly file: string; readonly bytes: Uint8Array } | null = null;

  constructor(store: AuditStore, uids: UidMap) {
    this.#store = store;
    this.#uids = uids;
  }

  fileOf(no: ItemNo): string {
    return pictureFile(itemPath({ store: this.#store }, no)).file;
  }

  async copy(no: ItemNo): Promise<Uint8Array | Withheld> {
    return deidentifiedSource(await this.#bytes(this.fileOf(no)), this.#uids);
  }

  /** null: no DICOM image that can be read today. */
  async read(no: ItemNo): Promise<SourceImage | null> {
    const { file, frame } = pictureFile(itemPath({ store: this.#store }, no));
    try {
      return openSource(await this.#bytes(file), frame, this.#uids);
    } catch {
      return null; // listed as left out
    }
  }

  async #bytes(file: string): Promise<Uint8Array> {
    if (this.#last?.file === file) return this.#last.bytes;
    const tooLarge = () => {
      throw new RangeError("too large");
    };
    const bytes = await readWhole(file, mostSourceBytes, tooLarge);
    this.#last = { file, bytes };
    return bytes;
  }
}

function segmentsOf(store: AuditStore, no: ItemNo, { rows, columns }: SourceImage): Segment[] {
  const regions = store.regions(no);
  const kinds = regionKinds.flatMap((kind): Segment[] => {
    const shapes = regions.filter((one) => one.kind === kind).map(({ shape }) => shape);
    if (shapes.length === 0) return [];
    const { meaning } = regionCodes[kind];
    const mask = maskOfShapes(shapes, columns, rows);
    return [{ label: meaning, type: regionCodes[kind], mask }];
  });
  const shortcuts = regions.filter(({ kind }) => kind === "shortcut").map(({ shape }) => shape);
  if (shortcuts.length === 0) return kinds;
  const found = new Set(store.findingsOf(no));
  const findings = store.findings().flatMap(({ id }, i): Segment[] => {
    if (!found.has(id)) return [];
    const label = `Finding ${i + 1}`;
    const type = own(`FI-${i + 1}`, label);
    return [{ label, type, mask: maskOfShapes(shortcuts, columns, rows) }];
  });
  return [...kinds, ...findings];
}

function reportedItem(
  store: AuditStore,
  run: Run | null,
  no: ItemNo,
  source: SourceImage,
  map: ReportedItem["map"],
): ReportedItem {
  const names = new Map(store.readers().map(({ id, name }) => [id, name]));
  const tests = store.regionTests(no);
  const suspicion = run ? store.measure(run.id, no)?.measures.suspicion : null;
  return {
    no,
    source,
    verdicts: store.judgements(no).map(({ readerId, verdict, reasons, fault }) => ({
      reader: names.get(readerId) ?? "",
      verdict,
      reasons,
      fault,
    })),
    regions: store.regions(no).map(({ id, kind, shape }) => ({
      kind,
      shape,
      tests: tests
        .filter(({ region }) => region === id)
        .map(({ fill, result }) => {
          const { drop, controlMean } = testFacts(result);
          return { fill, drop, controlMean };
        }),
    })),
    suspicion: typeof suspicion === "number" ? suspicion : null,
    map,
  };
}

/** Items of a study marked Spurious, by reason, and as a data fault, by fault. */
function keysOf(items: readonly ReportedItem[]) {
  const marked = new Map<
    string,
    { title: "spurious" | "fault"; why: string; of: ReportedItem[] }
  >();
  const mark = (title: "spurious" | "fault", why: string, item: ReportedItem) => {
    const entry = marked.get(`${title} ${why}`) ?? { title, why, of: [] };
    if (!entry.of.includes(item)) entry.of.push(item);
    marked.set(`${title} ${why}`, entry);
  };
  for (const item of items)
    for (const { verdict, reasons, fault } of item.verdicts) {
      if (verdict === "spurious") {
        for (const reason of reasons) mark("spurious", reasonCodes[reason].meaning, item);
        if (reasons.length === 0) mark("spurious", "Spurious focus, no reason given", item);
      }
      if (fault) mark("fault", `Data fault: ${fault}`, item);
    }
  return [...marked.values()];
}
