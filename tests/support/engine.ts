import { createServer } from 'node:http';

/** Answers of a made-up engine by path: JSON, or bytes as they are. */
export type EngineAnswers = Readonly<Record<string, unknown>>;

/** An engine on a socket file that gives the same answers each time, and 404 for everything else. */
export async function serveEngine(socket: string, answers: EngineAnswers): Promise<{ close(): Promise<void> }> {
  const server = createServer(({ url = '' }, response) => {
    const answer = answers[decodeURIComponent(url)];
    if (answer === undefined) response.writeHead(404).end(JSON.stringify({ message: 'no such thing' }));
    else response.end(Buffer.isBuffer(answer) ? answer : JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  return { close: () => new Promise((resolve) => server.close(() => resolve())) };
}
