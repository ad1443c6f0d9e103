/** Shorter parts would blank out ordinary words and tell more than they hide. */
const SHORTEST_PART = 4;
/** Base64 cut to what does not depend on its neighbours must still be long enough to mean this secret. */
const SHORTEST_CUT = 8;

/** The forms in which a secret can turn up in a text: as it is, encoded, and line by line. */
export function listForms(secret: string): readonly string[] {
  const whole = secret.trim();
  const parts = whole.split(/[\r\n]+/).map((line) => line.trim());
  const values = [whole, ...parts.filter((line) => line.length >= SHORTEST_PART)];
  return [...new Set(values.flatMap(encodeForms))].filter((form) => form !== "");
}

function encodeForms(value: string): readonly string[] {
  const base64 = [Buffer.from(value).toString("base64"), ...cutBase64(value)];
  return [
    value,
    JSON.stringify(value).slice(1, -1),
    encodeURIComponent(value.toWellFormed()),
    ...base64,
    ...base64.map((form) => form.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "")),
  ];
}

/**
 * What Base64 makes of a secret inside a longer text, as in `user:password` of a docker configuration: three forms, by
 * how many bytes come before, each without the characters that its neighbours share.
 */
function cutBase64(value: string): readonly string[] {
  const bytes = Buffer.from(value);
  const cuts = [0, 1, 2].map((skipped) => {
    const whole = bytes.subarray(skipped);
    return whole.subarray(0, whole.length - (whole.length % 3)).toString("base64");
  });
  return cuts.filter((form) => form.length >= SHORTEST_CUT);
}

/** Replaces secrets by value, for what the runner itself does not scrub: files, comments, artifacts. */
export interface Redactor {
  add(secret: string): void;
  redact(text: string): string;
}

/** A redactor that knows nothing yet. Forms that overlap are covered together: no half of a secret is left standing. */
export function createRedactor(): Redactor {
  const forms = createIndex();
  return {
    add: (secret) => {
      for (const form of listForms(secret)) forms.add(form);
    },
    redact: (text) => cover(text, forms.find(text)),
  };
}

interface Found {
  readonly from: number;
  readonly to: number;
}

/** Characters that a form is looked up by. */
const HEAD = 4;
/** From so many forms on, a look at each place of a text is quicker than a search for each form, as long as it is short. */
const MANY = 64;
const LONG_TEXT = 20_000;

/** Forms by what they begin with: a state with thousands of secrets has tens of thousands of them, for each line anew. */
function createIndex(): { add(form: string): void; find(text: string): readonly Found[] } {
  const forms = new Set<string>();
  const short: string[] = [];
  const byHead = new Map<string, string[]>();
  const search = (text: string, wanted: Iterable<string>): Found[] => {
    const found: Found[] = [];
    for (const form of wanted) {
      for (let from = text.indexOf(form); from >= 0; from = text.indexOf(form, from + 1)) {
        found.push({ from, to: from + form.length });
      }
    }
    return found;
  };
  return {
    add: (form) => {
      if (forms.has(form)) return;
      forms.add(form);
      const head = form.slice(0, HEAD);
      const same = byHead.get(head);
      if (form.length < HEAD) short.push(form);
      else if (same === undefined) byHead.set(head, [form]);
      else same.push(form);
    },
    find: (text) => {
      if (forms.size < MANY || text.length > LONG_TEXT) return search(text, forms);
      const found = search(text, short);
      for (let from = 0; from + HEAD <= text.length; from += 1) {
        for (const form of byHead.get(text.slice(from, from + HEAD)) ?? []) {
          if (text.startsWith(form, from)) found.push({ from, to: from + form.length });
        }
      }
      return found;
    },
  };
}

function cover(text: string, found: readonly Found[]): string {
  let clean = "";
  let done = 0;
  for (const { from, to } of found.toSorted((a, b) => a.from - b.from)) {
    // A find that only touches or overlaps the one before is part of its stars.
    if (from > done || done === 0) clean += `${text.slice(done, from)}***`;
    done = Math.max(done, to);
  }
  return clean + text.slice(done);
}
