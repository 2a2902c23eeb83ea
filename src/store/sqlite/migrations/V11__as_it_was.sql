-- What a row of a team's table held before it was claimed, for whoever gives the task back: which of the words for pending its status was, and
-- what stands where nobody has it.
ALTER TABLE abide_claims ADD COLUMN word TEXT;
ALTER TABLE abide_claims ADD COLUMN nobody ANY;
