//! The order in which people read what stands on a page: blocks from top to bottom, columns from left to right, tables row by row.

/// Deepest nesting of columns in columns.
const DEPTH_MAX: usize = 24;
/// The narrowest white between two columns, in parts of the middle letter size.
const GUTTER: f64 = 0.7;

/// A piece of a line: where it stands, y growing downward.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Item {
    pub(crate) left: f64,
    pub(crate) right: f64,
    pub(crate) top: f64,
    pub(crate) bottom: f64,
    pub(crate) size: f64,
    /// Whether it ends with a colon: what stands beside it belongs to it.
    pub(crate) is_label: bool,
}

/// Pieces on one height.
type Band = Vec<(usize, Item)>;

/// White between columns: where each one begins and ends.
type Columns = Vec<(f64, f64)>;

/// Places of the items in reading order.
pub(crate) fn reading(items: Vec<Item>) -> Vec<usize> {
    let mut order = Vec::with_capacity(items.len());
    read(items.into_iter().enumerate().collect(), 0, &mut order);
    order
}

fn read(items: Vec<(usize, Item)>, depth: usize, order: &mut Vec<usize>) {
    let mut sizes: Vec<f64> = items.iter().map(|(_, item)| item.size).collect();
    sizes.sort_by(f64::total_cmp);
    let gutter = GUTTER * sizes.get(sizes.len() / 2).copied().unwrap_or(0.0);
    let mut group: Vec<Band> = Vec::new();
    let mut columns = Columns::new();
    for band in bands(items) {
        let own = merged(&columns_of(&band), &[], gutter);
        let both = merged(&columns, &own, gutter);
        // Columns go on as long as some white goes through; lines over the whole width as long as no columns begin.
        let goes_on = group.is_empty() || (columns.len() > 1 && both.len() > 1);
        if !goes_on {
            finish(std::mem::take(&mut group), &columns, depth, order);
            columns = own;
        } else {
            columns = both;
        }
        group.push(band);
    }
    finish(group, &columns, depth, order);
}

/// Items by height, each band in the order of their left edges.
fn bands(mut items: Vec<(usize, Item)>) -> Vec<Band> {
    items.sort_by(|(_, a), (_, b)| a.top.total_cmp(&b.top).then(a.left.total_cmp(&b.left)));
    let mut bands: Vec<Band> = Vec::new();
    let mut bottom = f64::MIN;
    for (place, item) in items {
        let slack = 0.2 * (item.bottom - item.top);
        match bands.last_mut() {
            Some(band) if item.top < bottom - slack => {
                bottom = bottom.max(item.bottom);
                band.push((place, item));
            }
            _ => {
                bottom = item.bottom;
                bands.push(vec![(place, item)]);
            }
        }
    }
    bands
}

fn columns_of(band: &[(usize, Item)]) -> Columns {
    band.iter()
        .map(|(_, item)| (item.left, item.right))
        .collect()
}

/// Extents of both that are less than a gutter apart are one.
fn merged(a: &[(f64, f64)], b: &[(f64, f64)], gutter: f64) -> Columns {
    let mut all: Columns = a.iter().chain(b).copied().collect();
    all.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut merged = Columns::new();
    for (left, right) in all {
        match merged.last_mut() {
            Some(last) if left - last.1 < gutter => last.1 = last.1.max(right),
            _ => merged.push((left, right)),
        }
    }
    merged
}

/// Which column an item stands in.
fn column(columns: &[(f64, f64)], item: &Item) -> usize {
    columns
        .iter()
        .rposition(|(left, _)| *left <= item.left + 1e-6)
        .unwrap_or(0)
}

/// Reads a group of bands.
fn finish(group: Vec<Band>, columns: &Columns, depth: usize, order: &mut Vec<usize>) {
    if columns.len() > 1 && depth < DEPTH_MAX && are_columns(&group, columns) {
        let mut parts: Vec<Vec<(usize, Item)>> = vec![Vec::new(); columns.len()];
        for (place, item) in group.into_iter().flatten() {
            if let Some(part) = parts.get_mut(column(columns, &item)) {
                part.push((place, item));
            }
        }
        for part in parts.into_iter().filter(|part| !part.is_empty()) {
            read(part, depth + 1, order);
        }
        return;
    }
    for mut band in group {
        // Cells of one row, each from top to bottom.
        let cells = merged(&columns_of(&band), &[], 0.0);
        band.sort_by(|(_, a), (_, b)| {
            column(&cells, a)
                .cmp(&column(&cells, b))
                .then(a.top.total_cmp(&b.top))
                .then(a.left.total_cmp(&b.left))
        });
        order.extend(band.into_iter().map(|(place, _)| place));
    }
}

/// Whether the columns are to be read one after the other. A table and a list of labels are read row by row.
fn are_columns(group: &[Band], columns: &Columns) -> bool {
    let (mut beside, mut all, mut aligned, mut rows, mut labels) = (0, 0, 0, 0, 0);
    let mut filled = 0.0;
    for band in group {
        all += band.len();
        let mut seen = vec![0_usize; columns.len()];
        for (_, item) in band {
            let place = column(columns, item);
            if let Some(count) = seen.get_mut(place) {
                *count += 1;
            }
            if let Some((left, right)) = columns.get(place) {
                filled += (item.right - item.left) / (right - left).max(1e-6);
            }
        }
        let used = seen.iter().filter(|count| **count > 0).count();
        if used > 1 {
            beside += band.len();
            rows += 1;
            aligned += usize::from(seen.iter().all(|count| *count <= 1));
            labels += usize::from(
                band.iter()
                    .any(|(_, item)| item.is_label && column(columns, item) == 0),
            );
        }
    }
    // Enough must stand side by side, or it is only a staircase.
    if rows == 0 || beside * 10 < all * 6 || (rows < 2 && all < 4) {
        return false;
    }
    if labels * 2 >= rows {
        return false;
    }
    #[allow(clippy::cast_precision_loss)] // some thousand pieces
    let full = filled / all.max(1) as f64;
    // Running text fills its column; what is aligned in three or more columns and does not is a table.
    columns.len() < 3 || aligned * 10 < rows * 7 || (full > 0.8 && rows > 5)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(left: f64, top: f64, width: f64) -> Item {
        Item {
            left,
            right: left + width,
            top,
            bottom: top + 7.0,
            size: 10.0,
            is_label: false,
        }
    }

    #[test]
    fn two_columns_below_a_title_are_read_one_after_the_other() {
        // Title, left, right, left, right: as they would be from top to bottom.
        let mut items = vec![item(100.0, 0.0, 300.0)];
        for row in 0..4 {
            let top = 20.0 + 12.0 * f64::from(row);
            items.push(item(0.0, top, 230.0));
            items.push(item(260.0, top + 1.0, 230.0));
        }
        items.push(item(0.0, 90.0, 490.0));
        assert_eq!(reading(items), [0, 1, 3, 5, 7, 2, 4, 6, 8, 9]);
    }

    #[test]
    fn signature_blocks_side_by_side_are_read_block_by_block() {
        let items = vec![
            item(50.0, 0.0, 100.0),
            item(350.0, 0.0, 120.0),
            item(40.0, 15.0, 120.0),
            item(360.0, 15.0, 100.0),
        ];
        assert_eq!(reading(items), [0, 2, 1, 3]);
    }

    #[test]
    fn a_table_is_read_row_by_row_and_its_cells_from_top_to_bottom() {
        let mut items = Vec::new();
        for row in 0..3 {
            let top = 30.0 * f64::from(row);
            items.push(item(0.0, top, 20.0));
            items.push(item(60.0, top, 60.0));
            items.push(item(200.0, top, 40.0));
        }
        assert_eq!(reading(items), [0, 1, 2, 3, 4, 5, 6, 7, 8]);
    }

    #[test]
    fn a_label_stays_with_what_stands_beside_it() {
        let mut items = Vec::new();
        for row in 0..3 {
            let top = 15.0 * f64::from(row);
            items.push(Item {
                is_label: true,
                ..item(0.0, top, 60.0)
            });
            items.push(item(120.0, top, 90.0));
        }
        assert_eq!(reading(items), [0, 1, 2, 3, 4, 5]);
    }

    #[test]
    fn lines_left_and_right_below_one_another_are_read_from_top_to_bottom() {
        let items = vec![
            item(200.0, 0.0, 100.0),
            item(0.0, 15.0, 150.0),
            item(320.0, 30.0, 100.0),
        ];
        assert_eq!(reading(items), [0, 1, 2]);
    }

    proptest::proptest! {
        #[test]
        fn every_item_is_read_once(places in proptest::collection::vec((0.0..500.0, 0.0..700.0, 0.0..300.0), 0..60)) {
            let items: Vec<Item> = places.iter().map(|(x, y, width)| item(*x, *y, *width)).collect();
            let mut order = reading(items);
            order.sort_unstable();
            proptest::prop_assert_eq!(order, (0..places.len()).collect::<Vec<_>>());
        }
    }
}
