import { createSocket, type Socket } from 'node:dgram';
import { afterEach, expect, test } from 'vitest';
import { askNtp, NtpError } from './ntp.ts';

const TOKEN = Uint8Array.from([1, 2, 3, 4, 5, 6, 7, 8]);
let server: Socket;

/** An NTP server whose answers are changed by `spoil`; answers its port. */
async function serve(spoil: (answer: Buffer) => void = () => {}): Promise<number> {
  server = createSocket('udp4');
  server.on('message', (question, { port, address }) => {
    const answer = Buffer.alloc(48);
    answer[0] = 0x24;
    answer[1] = 2;
    answer.set(question.subarray(40, 48), 24);
    // 2026-01-01T00:00:00.500Z
    answer.writeUInt32BE(Date.UTC(2026, 0, 1) / 1000 + 2_208_988_800, 40);
    answer.writeUInt32BE(2 ** 31, 44);
    spoil(answer);
    server.send(answer, port, address);
  });
  await new Promise<void>((done) => {
    server.bind(0, '127.0.0.1', done);
  });
  return server.address().port;
}
afterEach(() => void server.close());

test('an answer is the time, to the fraction of a second', async () => {
  expect(await askNtp('127.0.0.1', TOKEN, await serve())).toBe(Date.UTC(2026, 0, 1) + 500);
});

test.each<[string, (answer: Buffer) => void]>([
  ['is not synchronised', (answer) => (answer[0] = 0xe4)],
  ['sends no time but a kiss of death', (answer) => (answer[1] = 0)],
  ['speaks as a client', (answer) => (answer[0] = 0x23)],
])('a server that %s tells no time', async (_, spoil) => {
  await expect(askNtp('127.0.0.1', TOKEN, await serve(spoil))).rejects.toBeInstanceOf(NtpError);
});

test('an answer to somebody else is not taken, and a silent server is given up', async () => {
  const port = await serve((answer) => (answer[24] = 99));
  await expect(askNtp('127.0.0.1', TOKEN, port)).rejects.toThrow('did not answer');
});
