import type { SheetOrder } from "../../../shared/domain/sheet.ts";

/**
 * Which layers are random in each step, by their place from the output: the head first, then equal shares of the others. In
 * a cascade each step keeps what the ones before it changed; else each share is changed alone. Fewer layers, fewer steps.
 */
export function stepsOf(layers: number, most: number, order: SheetOrder): readonly number[][] {
  const steps = Math.min(layers, most);
  const reach = (step: number) =>
    step === 0 ? 0 : 1 + Math.round(((layers - 1) * (step - 1)) / Math.max(1, steps - 1));
  return Array.from({ length: steps }, (_, i) => {
    const from = order === "cascade" ? 0 : reach(i);
    const to = reach(i + 1);
    return Array.from({ length: to - from }, (_, at) => from + at);
  });
}
