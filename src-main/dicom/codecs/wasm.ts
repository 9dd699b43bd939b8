import { createRequire } from "node:module";
import { Damage } from "../damage.ts";

/** A decoder of the cornerstone builds: bytes in, then bytes out. */
export interface WasmDecoder {
  getEncodedBuffer(size: number): Uint8Array;
  getDecodedBuffer(): Uint8Array;
  decode(): void;
  getFrameInfo(): WasmFrame;
  getColorSpace?(): number;
  delete(): void;
}

/** What a codestream says of itself. */
export interface WasmFrame {
  readonly width: number;
  readonly height: number;
  readonly bitsPerSample: number;
  readonly componentCount: number;
  readonly isSigned?: boolean;
}

interface WasmModule {
  readonly HEAPU8: Uint8Array;
  readonly [decoder: string]: unknown;
}

const require = createRequire(import.meta.url);
const loaded = new Map<string, Promise<WasmModule>>();

/** A module whose memory grew past this is dropped: wasm memory never shrinks. */
const keptBytes = 256_000_000;

/** Decodes by the class `decoder` of package `name`; a copy of the bytes, free of the module's memory. */
export async function decodeByWasm(
  name: string,
  decoder: string,
  bytes: Uint8Array,
): Promise<{ bytes: Uint8Array; frame: WasmFrame }> {
  const module = await load(name);
  const Decoder = module[decoder] as new () => WasmDecoder; // the build's own class
  const one = new Decoder();
  try {
    one.getEncodedBuffer(bytes.length).set(bytes);
    one.decode();
    return { bytes: one.getDecodedBuffer().slice(), frame: one.getFrameInfo() };
  } catch (cause) {
    loaded.delete(name); // after an abort a module cannot be trusted
    throw new Damage("bad-pixels", { cause });
  } finally {
    if (module.HEAPU8.length > keptBytes) loaded.delete(name);
    one.delete();
  }
}

function load(name: string): Promise<WasmModule> {
  const known = loaded.get(name);
  if (known) return known;
  const fresh = instantiate(name);
  loaded.set(name, fresh);
  return fresh;
}

/** The builds add process listeners that turn every rejection into a crash: those are taken off again. */
async function instantiate(name: string): Promise<WasmModule> {
  const events = ["uncaughtException", "unhandledRejection"] as const;
  const before = events.map((event) => new Set<unknown>(process.rawListeners(event)));
  const create = require(name) as (settings: object) => Promise<WasmModule>; // an emscripten factory
  const silent = () => undefined;
  const module = await create({ print: silent, printErr: silent });
  for (const [i, event] of events.entries())
    for (const listener of process.rawListeners(event))
      if (!before[i].has(listener)) process.off(event, listener as () => void); // the build's own
  return module;
}
