import { expect, test } from 'vitest';
import { initials, modelName, shortId, splitName } from './names.ts';

test('a long name keeps its last eight letters', () => {
  expect(splitName('whisper-batch-nightly-de')).toEqual({ head: 'whisper-batch-nightly-de', tail: '' });
  expect(splitName('GeForce RTX 3060 - general - io.net - Low Speed - Ray App - 91f2c303').tail).toBe(
    '91f2c303',
  );
  expect(splitName('a'.repeat(26)).tail).toBe('');
  expect(splitName('🚀'.repeat(27)).tail).toBe('🚀'.repeat(8));
});

test('a model is named without its maker and its tuning', () => {
  expect(modelName('meta-llama/Llama-3.3-70B-Instruct')).toBe('Llama-3.3-70B');
  expect(modelName('mistralai/Mistral-Nemo-Instruct-2407')).toBe('Mistral-Nemo-2407');
  expect(modelName('deepseek-ai/DeepSeek-R1-0528')).toBe('DeepSeek-R1-0528');
  expect(modelName('other')).toBe('other');
  expect(modelName('odd/')).toBe('odd/');
});

test('ids keep both ends', () => {
  expect(shortId('7xKXtg2CW87d97TXJSDpbD5jBkheTqA83TZRuJosgAsU')).toBe('7xKX…gAsU');
  expect(shortId('short-id')).toBe('short-id');
});

test('initials of what people are called', () => {
  expect(initials('Mara Lindqvist')).toBe('ML');
  expect(initials('maximiliane von oberhofer-vandenberghe')).toBe('MO');
  expect(initials('Äsa')).toBe('Ä');
  expect(initials('😀 x')).toBe('😀X');
  expect(initials('')).toBe('•');
});
