import { AppError } from "../../../shared/errors/app-error.ts";
import type { DeviceTensor, Program } from "./program.ts";
import type { TensorFlow } from "./runtime.ts";
import { inScope } from "./scope.ts";

interface Where {
  readonly program: Program;
  /** Values that the failed run started from. */
  readonly feeds: ReadonlyMap<string, DeviceTensor>;
  readonly tf: TensorFlow["tf"];
  readonly device: string;
}

/**
 * Runs; where the backend lacks a kernel, finds the step that asks for it and refuses with `tensorflow/no-kernel`. The
 * backend's own message names the kernel alone.
 */
export function nameKernels<T>(run: () => T, where: Where): T {
  try {
    return run();
  } catch (error) {
    const op = missingKernel(error);
    if (op === null) throw error;
    const { device } = where;
    const node = failingStep(where, op) ?? "";
    throw new AppError("tensorflow/no-kernel", { op, node, device }, { cause: error });
  }
}

function missingKernel(error: unknown): string | null {
  const why = error instanceof Error ? error.message : String(error);
  return /Kernel '([^']+)' not registered for backend/.exec(why)?.[1] ?? null;
}

/** Steps one by one: first forwards, then each one's own gradient from the last to the first. */
function failingStep({ program, feeds, tf }: Where, op: string): string | null {
  return inScope(tf, () => {
    const values = new Map(feeds);
    const asksForIt = (run: () => void): boolean => {
      try {
        run();
        return false;
      } catch (error) {
        return missingKernel(error) === op;
      }
    };
    const done: Program["steps"][number][] = [];
    for (const step of program.steps) {
      if (!step.inputs.every((name) => values.has(name))) continue;
      const fails = asksForIt(() => {
        const made = program.run(new Map(values), step.outputs);
        step.outputs.forEach((name, i) => made[i] && values.set(name, made[i]));
      });
      if (fails) return step.name;
      done.push(step);
    }
    for (const step of done.reverse()) {
      const inputs = step.inputs.map((name) => values.get(name));
      const fails = asksForIt(() => {
        tf.grads((...own: DeviceTensor[]) => {
          const given = new Map(step.inputs.map((name, i) => [name, own[i] ?? name] as const));
          const [made] = program.run(given as Map<string, DeviceTensor>, step.outputs); // as many as inputs
          return tf.sum(made as DeviceTensor); // every step makes its outputs
        })(inputs as DeviceTensor[]); // seen to be there before
      });
      if (fails) return step.name;
    }
    return null;
  });
}
