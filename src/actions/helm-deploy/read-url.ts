/** An address as people write it, without the slash at its end; specs put their own behind it. */
export function readUrl(given: string | undefined, problems: string[]): string | undefined {
  if (given === undefined) return undefined;
  const parsed = URL.parse(given);
  const whole = parsed !== null && /^https?:$/.test(parsed.protocol) && parsed.username + parsed.password === "";
  if (!whole || parsed.search + parsed.hash !== "") {
    problems.push("url: expected an address such as https://pr-12.preview.example.com, without login, ? and #");
  }
  return given.replace(/\/+$/, "");
}
