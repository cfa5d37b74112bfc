// All texts of the side panel in German, as one file to load.
import { glance } from './glance.ts';
import { moments } from './moments.ts';
import { money } from './money.ts';
import { panel } from './panel.ts';
import { person } from './person.ts';
import { sources } from './sources.ts';

export const texts = { ...glance, ...moments, ...panel, ...money, ...person, ...sources };
