INSERT INTO "AModelWhoseNameHasExactlySixtyThreeBytesSoThatNothingIsCutOff12" VALUES (1, 2, '');
