import type { Model } from "../../shared/contract/audits.ts";
import type { ModelDescription } from "../../shared/domain/model.ts";
import type { Preparation } from "../../shared/domain/preparation.ts";
import type { ModelId } from "../../shared/domain/ids.ts";
import { fail } from "../../shared/errors/app-error.ts";
import type { Connection } from "./connection.ts";

export interface NewModel {
  readonly id: ModelId;
  readonly path: string;
  readonly classNames: readonly string[];
  readonly preparation: Preparation;
  readonly description: ModelDescription;
  readonly isProven: boolean;
  readonly accuracy: { readonly right: number; readonly n: number } | null;
}

interface ModelRow {
  id: ModelId;
  path: string;
  file_name: string;
  sha256: string;
  class_names: string;
  preparation: string;
  description: string;
  proven: number;
  accuracy: string | null;
}

/** The audited models: file, class names and the preparation that was proven for them. */
export class Models {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  add(model: NewModel): void {
    this.#connection.run(
      `INSERT INTO model (id, path, file_name, sha256, class_names, preparation, description, proven, accuracy)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      model.id,
      model.path,
      model.description.fileName,
      model.description.sha256,
      JSON.stringify(model.classNames),
      JSON.stringify(model.preparation),
      JSON.stringify(model.description),
      model.isProven ? 1 : 0,
      model.accuracy ? JSON.stringify(model.accuracy) : null,
    );
  }

  /** As the contract shows it. */
  all(): Model[] {
    return this.#connection.all<ModelRow>("SELECT * FROM model ORDER BY no").map(toModel);
  }

  /** With what the host needs beyond the contract: the file and its description. */
  byId(id: ModelId): NewModel {
    const row = this.#connection.get<ModelRow>("SELECT * FROM model WHERE id = ?", id);
    if (!row) return fail("audit/model-unknown", { model: id });
    return {
      id: row.id,
      path: row.path,
      classNames: JSON.parse(row.class_names) as string[], // written by add, as all below
      preparation: JSON.parse(row.preparation) as Preparation,
      description: JSON.parse(row.description) as ModelDescription,
      isProven: row.proven === 1,
      accuracy: row.accuracy ? (JSON.parse(row.accuracy) as NewModel["accuracy"]) : null,
    };
  }

  setPath(id: ModelId, path: string): void {
    this.#connection.run("UPDATE model SET path = ? WHERE id = ?", path, id);
  }
}

function toModel(row: ModelRow): Model {
  return {
    id: row.id,
    fileName: row.file_name,
    sha256: row.sha256,
    classNames: JSON.parse(row.class_names) as string[], // written by add, as all below
    preparation: JSON.parse(row.preparation) as Preparation,
    isProven: row.proven === 1,
    accuracy: row.accuracy ? (JSON.parse(row.accuracy) as Model["accuracy"]) : null,
  };
}
