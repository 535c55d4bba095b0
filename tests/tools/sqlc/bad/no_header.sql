-- bad: core 4 a statement without its own header, -- kind: name()

-- The code of a recommendation.
SELECT code FROM rec WHERE id = 1;
