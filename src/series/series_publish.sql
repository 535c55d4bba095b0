-- The publisher's writes to the public side of the series: published whole.

-- exec: public_series_clear()
DELETE FROM series;

-- exec: public_sections_clear()
DELETE FROM section;

-- exec: public_series_videos_clear()
DELETE FROM series_video;

-- exec: public_section_quotes_clear()
DELETE FROM section_quote;

-- exec: public_series_wordings_clear()
DELETE FROM wording WHERE kind IN ('series', 'section');

-- exec: public_series_put(id int, key text, sample int)
INSERT INTO series (id, key, sample) VALUES (:id, :key, :sample);

-- exec: public_section_put(id int, series_id int, position int)
INSERT INTO section (id, series_id, position) VALUES (:id, :series_id, :position);

-- exec: public_series_video_put(series_id int, position int, video_id int)
INSERT INTO series_video (series_id, position, video_id) VALUES (:series_id, :position, :video_id);

-- exec: public_section_quote_put(section_id int, position int, moment_id int)
INSERT INTO section_quote (section_id, position, moment_id) VALUES (:section_id, :position, :moment_id);
