// Reads lines of {schema, value} and writes a line for each value that its schema rejects.
import { createInterface } from "node:readline";
import * as protocol from "lavalink-protocol";

for await (const line of createInterface({ input: process.stdin })) {
  const { schema, value } = JSON.parse(line);
  try {
    protocol.parse(protocol[schema], value);
  } catch (error) {
    const cause = error.cause instanceof Error ? error.cause.message : String(error);
    console.log(JSON.stringify({ schema, value, cause }));
  }
}
