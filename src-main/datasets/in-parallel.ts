/** Runs `work` over all of `inputs`, at most `width` at a time; results keep the order of the inputs. */
export async function inParallel<In, Out>(
  inputs: readonly In[],
  width: number,
  work: (input: In) => Promise<Out>,
): Promise<Out[]> {
  const results = new Array<Out>(inputs.length);
  let next = 0;
  const lane = async () => {
    for (let at = next++; at < inputs.length; at = next++) {
      results[at] = await work(inputs[at] as In); // sound: at < length
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, inputs.length) }, lane));
  return results;
}
