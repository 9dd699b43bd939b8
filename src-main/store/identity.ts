import {
  identityStates,
  mustBeAnswered,
  namedModalities,
  type Cover,
  type IdentityState,
} from "../../shared/domain/identity.ts";
import type { ItemNo } from "../../shared/domain/ids.ts";
import { boundsOf } from "../../shared/geometry/polygon.ts";
import type { Shape } from "../../shared/domain/review.ts";
import type { Rect } from "../../shared/geometry/shape.ts";
import { message } from "../../shared/messages/catalogue.ts";
import type { Connection } from "./connection.ts";

/** How many items of a medical audit are in each state. */
export type IdentityCounts = Readonly<Record<IdentityState, number>>;

const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`;
const facet = (name: string) => `(SELECT facet_value.text FROM item_facet
  JOIN facet ON facet.id = item_facet.facet AND facet.name = ${quoted(name)}
  JOIN facet_value ON facet_value.id = item_facet.value WHERE item_facet.item = item.no)`;
const burnedIn = facet(message("dicom.facet.burned-in"));
const modality = facet(message("dicom.facet.modality"));
const hasText = `EXISTS (SELECT 1 FROM explanation WHERE explanation.item = item.no
  AND artefacts ->> '$.text' IS NOT NULL)`;

/** Rows `item, state` of a medical audit: `statedIdentity` as SQL, unless a person answered. None where it is not medical. */
export const identitySql = `SELECT item.no AS item, coalesce(
    (SELECT answer FROM identity_answer WHERE identity_answer.item = item.no),
    CASE WHEN ${burnedIn} = 'YES' OR ${hasText} THEN 'yes'
      WHEN ${burnedIn} = 'NO' THEN 'no'
      WHEN ${modality} IN (${namedModalities.map(quoted).join()}) THEN 'yes' ELSE 'unknown' END) AS state
  FROM item WHERE (SELECT medical FROM audit) = 1`;

/** What the store knows of names in pixels. */
export class Identity {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** null: the audit is not medical, so nobody is asked. */
  state(item: ItemNo): IdentityState | null {
    const row = this.#connection.get<{ state: IdentityState }>(
      `SELECT state FROM (${identitySql}) WHERE item = ?`,
      item,
    );
    return row?.state ?? null;
  }

  counts(): IdentityCounts {
    const counts = Object.fromEntries(identityStates.map((one) => [one, 0])) as Record<
      IdentityState, // all of them, from their list
      number
    >;
    for (const { state, n } of this.#connection.all<{ state: IdentityState; n: number }>(
      `SELECT state, count(*) AS n FROM (${identitySql}) GROUP BY state`,
    ))
      counts[state] = n;
    return counts;
  }

  /** Every item's state; empty where the audit is not medical. */
  states(): Map<ItemNo, IdentityState> {
    const rows = this.#connection.all<{ item: ItemNo; state: IdentityState }>(identitySql);
    return new Map(rows.map(({ item, state }) => [item, state]));
  }

  /**
   * What to fill in the item's picture; null: nothing. Identity regions that somebody drew are filled in any audit. By
   * guess only what came with a header of the clinic is: a plain picture file states no patient, and its marks in the
   * corners are what a reader must see; it is asked about before it leaves.
   */
  cover(item: ItemNo): Cover | null {
    const state = this.state(item);
    const answered = this.#connection.get<{ boxes: string }>(
      "SELECT boxes FROM identity_answer WHERE item = ?",
      item,
    );
    const drawn = this.#connection
      .all<{ shape: string }>(
        "SELECT shape FROM region WHERE item = ? AND kind = 'identity' ORDER BY id",
        item,
      )
      .flatMap(({ shape }) => boxOf(JSON.parse(shape) as Shape) ?? []); // as cells wrote it
    const boxes = [...(answered ? (JSON.parse(answered.boxes) as Rect[]) : []), ...drawn]; // as above
    const isGuess =
      state !== null && (state === "left-out" || (mustBeAnswered(state) && this.#isClinical(item)));
    return isGuess || boxes.length > 0 ? { boxes, isGuess } : null;
  }

  #isClinical(item: ItemNo): boolean {
    const row = this.#connection.get<{ found: number }>(
      `SELECT study IS NOT NULL OR ${burnedIn} IS NOT NULL OR ${modality} IS NOT NULL AS found
       FROM item WHERE no = ?`,
      item,
    );
    return row?.found === 1;
  }
}

/** The whole box of a shape: more than it is filled, never less. */
function boxOf(shape: Shape): Rect | null {
  if (shape.kind === "polygon") return boundsOf(shape);
  const { x, y, w, h } = shape;
  return { x, y, w, h };
}
