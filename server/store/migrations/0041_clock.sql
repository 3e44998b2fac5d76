-- What the instances' clocks said: a clock that goes back would leave work lying that is due at a moment, one that runs ahead would
-- erase what is to be kept. `steady_since` is when it last went on as it should.
CREATE TABLE clock (
    id BIGINT PRIMARY KEY,
    latest BIGINT NOT NULL,
    steady_since BIGINT NOT NULL
);
