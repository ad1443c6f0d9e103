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
  const json = JSON.stringify(value).slice(1, -1);
  return [
    value,
    json,
    writeLikeGo(json),
    encodeURIComponent(value.toWellFormed()),
    ...base64,
    ...base64.map((form) => form.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "")),
  ];
}

/** Go, and so helm, kubectl and the API server, writes these characters of JSON in their own way, lest a page runs them. */
function writeLikeGo(json: string): string {
  return json.replace(/[&<>\u2028\u2029]/g, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`);
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

/**
 * A redactor that knows nothing yet. No half of a secret is left standing: forms that overlap are covered together, and so
 * is what is left of one where somebody has cut the text and put a `…` there.
 */
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
/** What all who cut a text put there, with what is left of a character that was cut in two. */
const CUT = /\uFFFD?…\uFFFD?/g;
/** From so many forms on, a look at each place of a text is quicker than a search for each form, as long as it is short. */
const MANY = 64;
const LONG_TEXT = 20_000;

/** Forms by what they begin with: a state with thousands of secrets has tens of thousands of them, for each line anew. */
function createIndex(): { add(form: string): void; find(text: string): readonly Found[] } {
  const forms = new Set<string>();
  const short: string[] = [];
  const byHead = new Map<string, string[]>();
  const byTail = new Map<string, string[]>();
  let longest = 0;
  const search = (text: string, wanted: Iterable<string>): Found[] => {
    const found: Found[] = [];
    for (const form of wanted) {
      for (let from = text.indexOf(form); from >= 0; from = text.indexOf(form, from + 1)) {
        found.push({ from, to: from + form.length });
      }
    }
    return found;
  };
  /** What stands right before or behind a cut, and is how a secret begins or ends. */
  const findCut = (text: string): Found[] => {
    const found: Found[] = [];
    for (const { 0: sign, index } of text.matchAll(CUT)) {
      const [before, behind] = [text.slice(Math.max(0, index - longest), index), index + sign.length];
      const after = text.slice(behind, behind + longest);
      for (let from = 0; from + SHORTEST_CUT <= before.length; from += 1) {
        const begun = before.slice(from);
        if (!byHead.get(begun.slice(0, HEAD))?.some((form) => form.startsWith(begun))) continue;
        found.push({ from: index - begun.length, to: index });
        break;
      }
      for (let length = after.length; length >= SHORTEST_CUT; length -= 1) {
        const ended = after.slice(0, length);
        if (!byTail.get(ended.slice(-HEAD))?.some((form) => form.endsWith(ended))) continue;
        found.push({ from: behind, to: behind + length });
        break;
      }
    }
    return found;
  };
  return {
    add: (form) => {
      if (forms.has(form)) return;
      forms.add(form);
      longest = Math.max(longest, form.length);
      if (form.length < HEAD) short.push(form);
      else {
        keepUnder(byHead, form.slice(0, HEAD), form);
        keepUnder(byTail, form.slice(-HEAD), form);
      }
    },
    find: (text) => {
      const cut = findCut(text);
      if (forms.size < MANY || text.length > LONG_TEXT) return [...cut, ...search(text, forms)];
      const found = [...cut, ...search(text, short)];
      for (let from = 0; from + HEAD <= text.length; from += 1) {
        for (const form of byHead.get(text.slice(from, from + HEAD)) ?? []) {
          if (text.startsWith(form, from)) found.push({ from, to: from + form.length });
        }
      }
      return found;
    },
  };
}

function keepUnder(index: Map<string, string[]>, key: string, form: string): void {
  const same = index.get(key);
  if (same === undefined) index.set(key, [form]);
  else same.push(form);
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
