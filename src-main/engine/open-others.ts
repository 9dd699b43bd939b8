import type { ModelDescription } from "../../shared/domain/model.ts";
import type { OtherFacts, OtherSource } from "../../shared/domain/other-model.ts";
import { fail } from "../../shared/errors/app-error.ts";
import { scoreOf, type OtherModel } from "./cam/other-model.ts";
import type { OpenedLayers } from "./open-layers.ts";
import { openAnyModel, type AnyModel } from "./open-any-model.ts";
import type { OpenModelOptions } from "./session/open-model.ts";

/** The further models of a run, opened at their default layers. */
export interface OpenedOthers {
  readonly models: readonly OtherModel[];
  readonly facts: readonly OtherFacts[];
  close(): Promise<void>;
}

/** Opens them in the order given. Each must take the pictures as the model explained does. */
export async function openOthers(
  sources: readonly OtherSource[],
  explained: ModelDescription,
  size: OpenModelOptions,
): Promise<OpenedOthers> {
  const opened: { readonly model: AnyModel; readonly session: OpenedLayers["session"] }[] = [];
  const close = async () => {
    for (const { session, model } of opened) {
      await session.close();
      await model.close();
    }
  };
  try {
    const models: OtherModel[] = [];
    const facts: OtherFacts[] = [];
    for (const source of sources) {
      const model = await openAnyModel(source.path, size);
      const { fileName, sha256, input, output } = model.description;
      const [expected, given] = [pictureOf(explained.input), pictureOf(input)];
      const seed = scoreOf(output.classes, source.output);
      if (expected !== given || !seed) {
        await model.close();
        if (expected !== given) fail("run/other-input", { file: fileName, expected, given });
        fail("run/other-output", { file: fileName, outputs: output.classes });
      }
      const session = await model.open(null);
      opened.push({ model, session });
      models.push({ session, seed });
      facts.push({ ...source, fileName, sha256 });
    }
    return { models, facts, close };
  } catch (cause) {
    await close();
    throw cause;
  }
}

/** What a model takes for a picture, in words; a free side is the preparation's. */
function pictureOf({ layout, channels, heightPx, widthPx }: ModelDescription["input"]): string {
  return `${channels} × ${heightPx ?? "any"} × ${widthPx ?? "any"}, ${layout}`;
}
