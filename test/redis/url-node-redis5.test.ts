import { pretendInstalled } from './installed.ts';
import { testUrl } from './url-suite.ts';

pretendInstalled('ioredis', undefined);
pretendInstalled('redis', 'redis5');
testUrl('redis 5');
