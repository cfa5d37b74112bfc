import { expect, test } from 'vitest';
import { columnTracks } from './column-room.ts';

const row = { status: 'Running', type: 'Container', device: 'L40S ×1', hours: '151.3 h', cost: '$96.83' };

test('six columns from 560 px on, two lines below', () => {
  expect(columnTracks([row], 559)).toMatch(/^minmax\(0, 1fr\) 64px/);
  expect(columnTracks([row], 400)).toBeNull();
});

test('a long status word or amount needs its room: before a name is lost, there are two lines', () => {
  const stopping = { ...row, status: 'Termination requested', cost: '$12.10 held' };
  expect(columnTracks([row, stopping], 549)).toBeNull();
  expect(columnTracks([row, stopping], 760)).not.toBeNull();
});

test('a device may be cut, so it never takes the room of the rest', () => {
  const tracks = columnTracks([{ ...row, device: 'NVIDIA H100 80GB HBM3 ×1024' }], 640);
  expect(tracks).toContain(' 100px ');
});
