/** The forms in which a secret can turn up in a text: as it is, encoded, and line by line. */
export function listForms(secret: string): readonly string[] {
  const forms = new Set<string>();
  for (const part of [secret, ...secret.split(/\r?\n/)]) {
    const value = part.trim();
    // Shorter parts would blank out ordinary words and tell more than they hide.
    if (value.length < 4 && value !== secret) continue;
    if (value === "") continue;
    forms.add(value);
    forms.add(JSON.stringify(value).slice(1, -1));
    forms.add(encodeURIComponent(value));
    forms.add(Buffer.from(value).toString("base64"));
  }
  return [...forms];
}

/** Replaces secrets by value, for what the runner itself does not scrub: files, comments, artifacts. */
export interface Redactor {
  add(secret: string): void;
  redact(text: string): string;
}

/** A redactor that knows nothing yet. Longer forms go first, so that no half of a secret is left standing. */
export function createRedactor(): Redactor {
  let forms: readonly string[] = [];
  return {
    add: (secret) => {
      forms = [...new Set([...forms, ...listForms(secret)])].sort((a, b) => b.length - a.length);
    },
    redact: (text) => forms.reduce((clean, form) => clean.replaceAll(form, "***"), text),
  };
}
