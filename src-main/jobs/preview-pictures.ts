import { randomUUID } from "node:crypto";
import type { Preparation } from "../../shared/domain/preparation.ts";
import type { EngineClient } from "../engine/client.ts";

type Source =
  | { readonly kind: "original"; readonly path: string }
  | { readonly kind: "prepared"; readonly path: string; readonly preparation: Preparation };

export interface PreviewPicture {
  readonly bytes: Uint8Array;
  readonly type: string;
}

const kept = 512;
const sizePx = 256;

/** Pictures of a new audit before it exists, by tokens that name no path; the oldest are forgotten. */
export class PreviewPictures {
  readonly #engine: EngineClient;
  readonly #sources = new Map<string, Source>();

  constructor(engine: EngineClient) {
    this.#engine = engine;
  }

  original(path: string): string {
    return this.#keep({ kind: "original", path });
  }

  prepared(path: string, preparation: Preparation): string {
    return this.#keep({ kind: "prepared", path, preparation });
  }

  async get(token: string): Promise<PreviewPicture | null> {
    const source = this.#sources.get(token);
    if (!source) return null;
    if (source.kind === "original") {
      const { bytes } = await this.#engine.call("picture", { path: source.path, size: sizePx });
      return { bytes, type: "image/jpeg" };
    }
    const { path, preparation } = source;
    const { bytes } = await this.#engine.call("prepared", { path, preparation });
    return { bytes, type: "image/png" };
  }

  #keep(source: Source): string {
    const token = randomUUID();
    this.#sources.set(token, source);
    for (const old of this.#sources.keys()) {
      if (this.#sources.size <= kept) break;
      this.#sources.delete(old);
    }
    return token;
  }
}
