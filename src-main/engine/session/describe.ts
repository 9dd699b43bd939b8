import { noSupport } from "../cam/support.ts";
import type { MethodSupport, ModelDescription } from "../../../shared/domain/model.ts";
import type { AnalysedModel } from "../compile/analysed-model.ts";
import type { ModelFile } from "../onnx/file.ts";
import { classNamesIn } from "./class-names.ts";
import type { TapKnowledge } from "./tap-knowledge.ts";

/** Everything that can be said of a model without a picture; methods are judged at its default tap. */
export function describeModel(
  file: ModelFile,
  model: AnalysedModel,
  first: TapKnowledge | null,
): ModelDescription {
  const { image, logits } = model;
  return {
    fileName: file.fileName,
    sha256: file.sha256,
    opset: file.model.graph.opset,
    producer: file.model.producer,
    input: {
      name: image.name,
      dims: image.dims,
      elementType: image.type,
      layout: image.layout,
      channels: image.channels,
      heightPx: image.heightPx,
      widthPx: image.widthPx,
      fixedBatch: image.fixedBatch,
    },
    output: { name: logits.output, classes: logits.classes, stripped: logits.stripped },
    head: first?.head.kind ?? "general",
    taps: model.taps,
    methods: first?.methods ?? withoutTap(file.fileName),
    classNames: classNamesIn(file.model.graph, logits.classes),
  };
}

function withoutTap(model: string): readonly MethodSupport[] {
  return noSupport({ code: "tap/none", details: { model } });
}
