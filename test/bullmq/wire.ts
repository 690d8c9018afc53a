import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** A way to Redis that a test can cut, as if the process behind it had died. */
export interface Wire {
  readonly url: string;
  /** Ends all connections. No new ones are accepted. */
  cut(): void;
  /** Lets nothing through until {@link Wire.thaw}. */
  freeze(): void;
  thaw(): void;
}

/** Starts a {@link Wire} on loopback. */
export async function startWire(target: string): Promise<Wire> {
  const url = new URL(target);
  const { hostname, port } = url;
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(Number(port || 6379), hostname);
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => {}).on('close', () => other.destroy());
      socket.pipe(other);
    }
  });
  server.listen(0, '127.0.0.1').unref();
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error(`Listening on ${address}, expected a port`);
  url.host = `127.0.0.1:${address.port}`;
  return {
    url: url.href,
    cut() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
    freeze() {
      for (const socket of sockets) socket.pause();
    },
    thaw() {
      for (const socket of sockets) socket.resume();
    },
  };
}
