import type { Tensor } from "../../../shared/domain/tensor.ts";
import type { DeviceTensor } from "./program.ts";
import type { TensorFlow } from "./runtime.ts";

/** Runs, and frees every tensor that was made on the way; what is returned must be on the host. */
export function inScope<T>(tf: TensorFlow["tf"], run: () => T): T {
  let result: { readonly value: T } | null = null;
  tf.tidy(() => {
    result = { value: run() };
  });
  if (result === null) throw new RangeError("the scope did not run");
  return (result as { readonly value: T }).value; // assigned in the closure, which control flow does not see
}

/** A tensor's numbers on the host. */
export function toHost(tensor: DeviceTensor): Tensor {
  const data = tensor.dataSync();
  return {
    dims: tensor.shape,
    data: data instanceof Float32Array ? data : Float32Array.from(data),
  };
}

/** The host's numbers on the device. */
export function toDevice(tf: TensorFlow["tf"], { dims, data }: Tensor): DeviceTensor {
  return tf.tensor(data, [...dims], "float32");
}
