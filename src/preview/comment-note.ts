const OPENING = "<!-- mayfly:note -->";
const CLOSING = "<!-- /mayfly:note -->";

/**
 * A comment of ours with a note at its end, in the place of an earlier one. All else stays as it is: who writes the note
 * does not know what the comment tells. Undefined where there is no room for it.
 *
 * @param note markdown on one line
 * @param budget characters of the whole
 */
export function addNote(body: string, note: string, budget: number): string | undefined {
  const from = body.lastIndexOf(OPENING);
  const kept = (from < 0 ? body : body.slice(0, from)).trimEnd();
  const whole = `${kept}\n\n${OPENING}\n> [!NOTE]\n> ${note.replace(/[\r\n]+/g, " ")}\n${CLOSING}\n`;
  return whole.length <= budget ? whole : undefined;
}
