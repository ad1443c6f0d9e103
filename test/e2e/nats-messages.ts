import { connect } from "node:net";
import { until } from "./until.ts";

/** Sends messages to NATS in its own protocol, each when the one before it was answered by JetStream. */
export async function publish(host: string, messages: readonly (readonly [string, object])[]): Promise<void> {
  const socket = connect(4222, host);
  let said = "";
  socket.setEncoding("utf8").on("data", (text: string) => {
    said += text;
  });
  socket.write('CONNECT {"verbose":false}\r\nSUB answers 1\r\n');
  for (const [index, [subject, content]] of messages.entries()) {
    const body = JSON.stringify(content);
    socket.write(`PUB ${subject} answers ${body.length}\r\n${body}\r\n`);
    await until(async () => said.split("MSG answers").length > index + 1);
  }
  socket.destroy();
  if (said.includes('"error"')) throw new Error(said);
}
