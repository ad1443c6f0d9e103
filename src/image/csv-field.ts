/**
 * One field of the comma-separated flags of buildx (`--output`, `--secret`): quoted as a whole where a comma or a quote
 * stands in it. Line breaks cannot be written there; who calls has refused them.
 */
export function csvField(key: string, value: string): string {
  const field = `${key}=${value}`;
  return /[",]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
}

/** The fields of such a flag as buildx reads them; undefined where the quotes do not match. */
export function parseCsvFields(text: string): readonly string[] | undefined {
  const fields: string[] = [];
  const field = /(?:"((?:[^"]|"")*)"|([^",]*))(,|$)/y;
  for (;;) {
    const found = field.exec(text);
    if (found === null) return undefined;
    const [, quoted, plain = "", end] = found;
    fields.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end === "") return fields;
  }
}
