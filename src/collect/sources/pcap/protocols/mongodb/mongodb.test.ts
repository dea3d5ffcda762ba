import { expect, test } from 'vitest';
import { cutSteps, inTurn, runConnection } from '../../../../../../tests/support/pcap-connection.ts';
import { analyzer } from './index.ts';

type Value = string | number | Buffer;

/** A document of texts, doubles and documents. */
function bson(elements: Readonly<Record<string, Value>>): Buffer {
  const parts = Object.entries(elements).flatMap(([name, value]) => {
    const key = Buffer.from(`${name}\0`);
    if (Buffer.isBuffer(value)) return [Buffer.from([3]), key, value];
    if (typeof value === 'number') {
      const double = Buffer.alloc(8);
      double.writeDoubleLE(value);
      return [Buffer.from([1]), key, double];
    }
    const length = Buffer.alloc(4);
    length.writeInt32LE(value.length + 1);
    return [Buffer.from([2]), key, length, Buffer.from(`${value}\0`)];
  });
  const body = Buffer.concat([...parts, Buffer.from([0])]);
  const length = Buffer.alloc(4);
  length.writeInt32LE(body.length + 4);
  return Buffer.concat([length, body]);
}

function message(id: number, answerTo: number, document: Buffer): Buffer {
  const header = Buffer.alloc(21);
  header.writeInt32LE(21 + document.length, 0);
  header.writeInt32LE(id, 4);
  header.writeInt32LE(answerTo, 8);
  header.writeInt32LE(2013, 12);
  return Buffer.concat([header, document]);
}

test.each([1, 33, 900])('tells commands with their outcome (pieces of %i bytes)', (size) => {
  const steps = inTurn(
    message(1, 0, bson({ hello: 1, $db: 'admin' })),
    message(9, 1, bson({ ok: 1 })),
    message(2, 0, bson({ find: 'people', filter: bson({ name: 'ann' }), $db: 'shop' })),
    message(10, 2, bson({ cursor: bson({}), ok: 1 })),
    message(3, 0, bson({ dropDatabase: 1, $db: 'shop' })),
    message(11, 3, bson({ ok: 0, errmsg: 'not allowed', codeName: 'Unauthorized' })),
    message(4, 0, bson({ listDatabases: 1, $db: 'admin' })),
  );
  const { events, services } = runConnection(analyzer, cutSteps(steps, size), { destinationPort: 27_017 });
  expect(services).toEqual(['default']);
  expect(events.map(({ fields }) => JSON.parse(String(fields)) as unknown)).toEqual([
    { command: 'find', database: 'shop', collection: 'people', success: true },
    { command: 'dropDatabase', database: 'shop', success: false, error: 'Unauthorized' },
    { command: 'listDatabases', database: 'admin' },
  ]);
});

test('bytes that are none are a violation', () => {
  expect(runConnection(analyzer, inTurn('GET / HTTP/1.1\r\n')).violations).toEqual(['no MongoDB message']);
});
