// Changes of what belongs to the person behind an account: one record, always open.
import type { TaskId } from '../../shared/tasks.ts';
import type { Draft } from './draft.ts';
import { PERSON, personOf, tasksOf } from './person-view.ts';
import type { PersonBody } from './records.ts';

export function keepPerson(draft: Draft, part: Partial<PersonBody>): void {
  draft.put({ kind: 'person', id: PERSON, open: true, links: [], body: { ...personOf(draft), ...part } });
}

/** A task of Getting Started is done by a fact; the first time counts. */
export function completeTask(draft: Draft, id: TaskId): void {
  const { tasks } = personOf(draft);
  if (tasks[id] !== undefined) return;
  keepPerson(draft, { tasks: { ...tasks, [id]: draft.now } });
  draft.show({ tasks: tasksOf(draft) });
}
