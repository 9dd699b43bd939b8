import { fixed, product, range, sliced, wrapAxis } from "./extents.ts";
import {
  broadcast,
  fault,
  first,
  input,
  list,
  number,
  show,
  values,
  type InferTable,
} from "./known.ts";

/** Shapes of emitted operators that arrange, cut, join and index. */
export const layoutShapes: InferTable = [
  [
    "Shape",
    (emitted) => {
      const { extents } = first(emitted);
      const stated = extents.slice(
        number(emitted, "start", 0),
        number(emitted, "end", extents.length),
      );
      return { type: "i64", extents: [fixed(stated.length)], stated };
    },
  ],
  [
    "Concat",
    (emitted) => {
      const { type, extents } = first(emitted);
      const axis = wrapAxis(number(emitted, "axis"), extents.length);
      const parts = emitted.inputs.map(
        (part) => part.extents[axis] ?? fault("Concat", "mixes ranks"),
      );
      const size = parts.reduce((sum, part) => sum + part.size, 0);
      const batch = parts.reduce((sum, part) => sum + part.batch, 0);
      const joined = extents.map((extent, i) => (i === axis ? { size, batch } : extent));
      const stated = emitted.inputs.map((part) => part.stated ?? part.values?.map(fixed));
      return stated.every((part) => part !== undefined)
        ? { type, extents: joined, stated: stated.flat() }
        : { type, extents: joined };
    },
  ],
  [
    "Split",
    (emitted) => {
      const { type, extents } = first(emitted);
      const axis = wrapAxis(number(emitted, "axis", 0), extents.length);
      return values(emitted, 1).map((size) => ({
        type,
        extents: extents.map((extent, i) => (i === axis ? fixed(size) : extent)),
      }));
    },
  ],
  [
    "Reshape",
    (emitted) => {
      const { type, extents } = first(emitted);
      const target = input(emitted, 1).stated ?? values(emitted, 1).map(fixed);
      const rest = product(target.filter(({ size }) => size !== -1));
      const all = product(extents);
      const size = all.size / rest.size;
      const open = { size, batch: rest.batch ? 0 : all.batch / rest.size };
      const result = target.map((extent) => (extent.size === -1 ? open : extent));
      if (product(result).size !== all.size)
        fault("Reshape", `turns [${show(extents)}] into [${show(result)}]`);
      return { type, extents: result };
    },
  ],
  [
    "Expand",
    (emitted) => {
      const target = input(emitted, 1).stated ?? values(emitted, 1).map(fixed);
      const value = first(emitted);
      return {
        type: value.type,
        extents: broadcast("Expand", [value, { ...value, extents: target }]),
      };
    },
  ],
  [
    "Unsqueeze",
    (emitted) => {
      const { type, extents } = first(emitted);
      const axes = values(emitted, 1);
      const rank = extents.length + axes.length;
      const added = axes.map((axis) => wrapAxis(axis, rank));
      const rest = [...extents];
      return {
        type,
        extents: range(rank).map((i) =>
          added.includes(i) ? fixed(1) : (rest.shift() ?? fixed(1)),
        ),
      };
    },
  ],
  [
    "Squeeze",
    (emitted) => {
      const { type, extents } = first(emitted);
      const axes = values(emitted, 1).map((axis) => wrapAxis(axis, extents.length));
      return { type, extents: extents.filter((_, i) => !axes.includes(i)) };
    },
  ],
  [
    "Transpose",
    (emitted) => {
      const { type, extents } = first(emitted);
      const perm = list(emitted, "perm") ?? range(extents.length).reverse();
      return {
        type,
        extents: perm.map((axis) => extents[axis] ?? fault("Transpose", "misses an axis")),
      };
    },
  ],
  [
    "Slice",
    (emitted) => {
      const { type, extents } = first(emitted);
      const [starts, ends, axes] = [1, 2, 3].map((index) => values(emitted, index));
      const steps = emitted.inputs[4] ? values(emitted, 4) : undefined;
      const result = [...extents];
      axes?.forEach((axis, i) => {
        const at = wrapAxis(axis, extents.length);
        const { size } = extents[at] ?? fixed(0);
        result[at] = fixed(
          sliced(size, starts?.[i] ?? 0, ends?.[i] ?? size, steps?.[i] ?? 1).count,
        );
      });
      return { type, extents: result };
    },
  ],
  [
    "Pad",
    (emitted) => {
      const { type, extents } = first(emitted);
      const pads = values(emitted, 1);
      return {
        type,
        extents: extents.map((extent, i) => {
          const more = (pads[i] ?? 0) + (pads[i + extents.length] ?? 0);
          return more ? fixed(extent.size + more) : extent;
        }),
      };
    },
  ],
  [
    "Gather",
    (emitted) => {
      const { type, extents } = first(emitted);
      const axis = wrapAxis(number(emitted, "axis", 0), extents.length);
      return { type, extents: extents.toSpliced(axis, 1, ...input(emitted, 1).extents) };
    },
  ],
  [
    "GatherElements",
    (emitted) => ({ type: first(emitted).type, extents: input(emitted, 1).extents }),
  ],
  [
    "GatherND",
    (emitted) => {
      const indices = input(emitted, 1).extents;
      const depth = indices.at(-1)?.size ?? 0;
      const { type, extents } = first(emitted);
      return { type, extents: [...indices.slice(0, -1), ...extents.slice(depth)] };
    },
  ],
  [
    "TopK",
    (emitted) => {
      const { type, extents } = first(emitted);
      const axis = wrapAxis(number(emitted, "axis", -1), extents.length);
      const [k = 1] = values(emitted, 1);
      const kept = extents.map((extent, i) => (i === axis ? fixed(k) : extent));
      return [
        { type, extents: kept },
        { type: "i64", extents: kept },
      ];
    },
  ],
  [
    "DepthToSpace SpaceToDepth",
    (emitted) => {
      const { type, extents } = first(emitted);
      const block = number(emitted, "blocksize");
      const by = emitted.op === "DepthToSpace" ? block : 1 / block;
      const [n = fixed(1), c = fixed(1), ...spatial] = extents;
      return {
        type,
        extents: [n, fixed(c.size / by / by), ...spatial.map(({ size }) => fixed(size * by))],
      };
    },
  ],
];
