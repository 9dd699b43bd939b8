import { expect, it } from "vitest";
import type { MethodId } from "../../../shared/domain/method-id.ts";
import { methodById } from "./registry.ts";
import { differentiates, gradientKind } from "./support.ts";

const linear = { weights: { dims: [1, 1], data: Float32Array.of(1) } };
const general = { weights: null };

it.each<[MethodId, string, string]>([
  ["cam", "closed-form", "none"],
  ["grad-cam", "closed-form", "compiled"],
  ["attention-rollout", "none", "none"],
  ["attention-relevance", "compiled", "compiled"],
  ["fullgrad", "compiled", "compiled"],
])("says how %s comes by its gradients: %s at a linear head, %s at any other", (id, at, other) => {
  const method = methodById(id);
  expect(gradientKind(method, linear)).toBe(at);
  expect(gradientKind(method, general)).toBe(other);
  expect(differentiates(method)).toBe(other === "compiled");
});
